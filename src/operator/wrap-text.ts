import { textWidth } from './text-width.js'

/**
 * Breaks a text at its spaces.
 *
 * @param width of a line, in columns; a longer word stays whole
 * @param indent in front of every line but the first, part of the width
 */
export function wrapText(text: string, width: number, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    // The first line, too, begins in the column of the indent: whatever stands there is the caller's.
    if (line !== '' && textWidth(indent) + textWidth(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line].join(`\n${indent}`)
}
