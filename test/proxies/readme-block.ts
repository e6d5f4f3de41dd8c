import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../../src/project-folder.js'

export const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8')

/** The one code block of a language in the README, which must be what people copy. */
export function readmeBlock(language: string): string {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))]
  const [block, ...more] = blocks.map(([, text = '']) => text)
  if (block === undefined || more.length > 0)
    throw new Error(`The README has ${blocks.length} ${language} blocks.`)
  return block
}

/** Replaces words of the README by those of this machine; each must be there. */
export function replaceWords(text: string, words: Record<string, string>): string {
  return Object.entries(words).reduce((result, [word, replacement]) => {
    if (!result.includes(word)) throw new Error(`The README no longer has "${word}" here.`)
    return result.replaceAll(word, replacement)
  }, text)
}
