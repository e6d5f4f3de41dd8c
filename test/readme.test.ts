import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectFolder } from '../src/project-folder.js'
import { readme } from './proxies/readme-block.js'

t.test('every setting stands in the table of the README, and no other', async (t) => {
  const folder = join(projectFolder, 'src', 'settings')
  const files = ['../config.ts', ...readdirSync(folder)]
  const source = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('')
  const known = [...source.matchAll(/environment\s*\.(?:text|integer|boolean|choice|list)\(\s*'([A-Z_]+)'/g)]
  const told = [...readme.matchAll(/^\| `([A-Z_]{4,})` \|/gm)]
  const names = (matches: RegExpMatchArray[]) => [...new Set(matches.map(([, name]) => name))].toSorted()
  t.ok(known.length > 20)
  t.strictSame(names(told), names(known))
})
