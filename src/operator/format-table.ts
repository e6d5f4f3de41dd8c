import { textWidth } from './text-width.js'

/** Sets rows in columns, two spaces apart, under their headings; no line ends in spaces. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((_, column) =>
    Math.max(...[headings, ...rows].map((row) => textWidth(row[column] ?? ''))),
  )
  return [headings, ...rows]
    .map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - textWidth(cell))
}
