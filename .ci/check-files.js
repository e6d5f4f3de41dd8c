// Checks what is committed: where packages come from, whose paths are named, and that README knows every setting.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'

const faults = []
const git = (...words) =>
  execFileSync('git', ['-c', `safe.directory=${process.cwd()}`, ...words], { encoding: 'utf8' })

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
for (const [name, { resolved, integrity, link }] of Object.entries(packages)) {
  if (name === '' || link) continue
  if (!resolved?.startsWith('https://registry.npmjs.org/'))
    faults.push(`package-lock.json: ${name} comes from ${resolved}`)
  if (!integrity?.startsWith('sha512-')) faults.push(`package-lock.json: ${name} has no sha512 checksum`)
}

const folders = [process.cwd(), homedir()].filter((folder) => folder.split('/').length > 2)
const someHome = /(?<![\w.])\/(?:home|root|Users)\/\w|[A-Z]:\\Users\\/
for (const path of git('ls-files', '-z').split('\0').filter(Boolean)) {
  const lines = readFileSync(path, 'utf8').split('\n')
  for (const [index, line] of lines.entries()) {
    if (someHome.test(line) || folders.some((folder) => line.includes(folder))) {
      faults.push(`${path}:${index + 1} names a local path: ${line.trim().slice(0, 100)}`)
    }
  }
}

const readme = readFileSync('README.md', 'utf8')
const readers = ['src/config.ts', ...readdirSync('src/settings').map((name) => `src/settings/${name}`)]
const config = readers.map((path) => readFileSync(path, 'utf8')).join('\n')
const settings = [...config.matchAll(/environment\.\w+\(\s*'([A-Z_]+)'/g)].map(([, name]) => name)
for (const name of new Set(settings)) {
  if (!readme.includes(`| \`${name}\` |`)) faults.push(`README.md: the table of settings lacks ${name}`)
}
for (const command of ['npm ci && npm start', 'npm ci && npm test']) {
  if (!readme.includes(command)) faults.push(`README.md does not say: ${command}`)
}

const allWell = `${Object.keys(packages).length - 1} packages, ${settings.length} settings: in order`
process.stdout.write(`${faults.slice(0, 30).join('\n') || allWell}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
