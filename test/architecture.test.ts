import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t from 'tap'
import { projectFolder } from '../src/project-folder.js'

/** Imports go down these floors and never up; rooms on one floor may know each other, but not in a circle. */
const floors = [
  ['database', 'http', 'secrets', 'used-once', 'mail'],
  ['accounts', 'sessions', 'security-events'],
  ['sign-in', 'sibling-apps', 'doctor'],
  ['attempts', 'captcha', 'email-codes', 'reset-codes', 'tokens'],
  ['sudo-mode'],
  ['recovery-passkey', 'security-questions', 'second-factor', 'openid-sign-in', 'webauthn'],
  ['recovery-codes'],
  ['sign-in-codes', 'authenticator-app', 'webauthn-step'],
  ['recovery'],
  ['forgot-password'],
  ['profile'],
  ['operator'],
  ['settings'],
  ['app'],
  ['programs'],
]
const source = join(projectFolder, 'src')
const roomOf = (file: string) => relative(source, file).split('/')[0] ?? ''
// Only where the house is joined are all settings known.
const mayImportFile = (room: string, file: string) =>
  file === 'project-folder.js' || (room === 'app' && file === 'config.js')
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room))

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(source, name))

t.test('imports go down the floors', async (t) => {
  for (const file of files.filter((each) => !roomOf(each).endsWith('.ts'))) {
    t.not(floorOf(roomOf(file)), -1, `the room of ${relative(source, file)} has a floor`)
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const target = roomOf(join(dirname(file), path))
      if (target.endsWith('.js')) t.ok(mayImportFile(roomOf(file), target), relative(source, file))
      else t.ok(floorOf(target) <= floorOf(roomOf(file)), `${relative(source, file)} may import ${target}`)
    }
  }
})

t.test('there is no crossroads: no barrels, no rooms without a subject, no large files', async (t) => {
  for (const file of files) {
    t.notMatch(file, /\/(index|utils|helpers|common|lib|manager|types)(\.ts|\/)/)
    t.ok(readFileSync(file, 'utf8').split('\n').length <= 250, relative(source, file))
  }
})

t.test('templates print every value escaped; only layouts and parts go unescaped', async (t) => {
  const views = join(projectFolder, 'views')
  const templates = readdirSync(views, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.eta'),
  )
  for (const name of templates) {
    const template = readFileSync(join(views, name), 'utf8')
    for (const [raw] of template.matchAll(/<%~[^]*?%>/g))
      t.match(raw, /^<%~ (this\.part\('|it\.body %>)/, name)
    t.notMatch(template, /<style|<script>| style=| on[a-z]+=/)
  }
})
