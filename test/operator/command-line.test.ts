import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { closestWord } from '../../src/operator/closest-word.js'
import { textWidth } from '../../src/operator/text-width.js'
import { projectFolder } from '../../src/project-folder.js'
import { makeFolder } from '../make-folder.js'
import { createTestDatabase } from '../database/test-database.js'
import { databaseUrl, program, runCommand } from './run-command.js'

t.test('help fits a terminal of 80 columns and names every command', async (t) => {
  const overview = await runCommand([])
  for (const words of [['help'], ['--help'], ['-h']]) t.same(await runCommand(words), overview)
  const pages = [overview]
  for (const group of ['origins', 'accounts', 'keys', 'doctor']) {
    t.match(overview.out, `\n  ${group} `)
    const page = await runCommand(['help', group])
    t.same(await runCommand([group, '--help']), page)
    pages.push(page)
  }
  t.same(await runCommand(['accounts']), pages[2], 'a group alone shows its page')
  t.same(await runCommand(['help', 'doctor', 'x']), pages[4])
  for (const [name, option] of [
    ['add', '--email <address>'],
    ['reset-code', null],
  ] as const) {
    const page = await runCommand(['help', 'accounts', name])
    t.match(page.out, `latchkey accounts ${name} <username>`)
    t.equal(page.out.match(/^ {2}latchkey /gm)?.length, 1, 'only this one')
    if (option !== null) t.match(page.out, option)
    t.match(page.out, 'See also "latchkey help accounts".')
    t.same(await runCommand(['accounts', name, '-h']), page)
    pages.push(page)
  }
  for (const { code, out, err } of pages) {
    t.equal(code, 0)
    t.equal(err, '')
    for (const line of out.split('\n')) t.ok(textWidth(line) <= 80 && !line.endsWith(' '), line)
  }
  t.match((await runCommand(['--version'])).out, /^latchkey \d+\.\d+\.\d+\n$/)
})

t.test('where the terminal is not one of UTF-8, plain ASCII is written', async (t) => {
  const { out } = await runCommand(['help', 'accounts'], { LANG: 'C' })
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  t.match(out, /^[\u0000-\u007f]+$/)
})

t.test('what is not understood ends with exit code 2 and a suggestion', async (t) => {
  const cases: [words: string[], answer: string][] = [
    [['acounts'], 'Did you mean "latchkey accounts"?'],
    [['help', 'accounts', 'ad'], 'Did you mean "latchkey accounts add"?'],
    [['help', 'docter'], 'Did you mean "latchkey doctor"?'],
    [['frobnicate'], 'See "latchkey help".'],
    [['accounts', 'ad', 'x'], 'Did you mean "latchkey accounts add"?'],
    [['accounts', 'list', '--serach', 'x'], 'Did you mean "--search"?'],
    [['accounts', 'list', '--frobnicate'], 'See "latchkey help accounts".'],
    [['accounts', 'list', '--search'], 'argument missing'],
    [['accounts', 'list', '--limit', '0'], 'whole number from 1'],
    [['accounts', 'list', '--json=yes'], 'does not take an argument'],
    [['accounts', 'add'], 'Usage: latchkey accounts add <username> [options]'],
    [['accounts', 'add', 'ada', 'secret'], 'Usage: latchkey accounts add'],
    [['accounts', 'set-groups', 'ada'], '--none'],
    [['accounts', 'set-groups', 'ada', 'nobody'], 'cannot be a group'],
    [['origins', 'allow'], 'Usage: latchkey origins allow <origin>'],
    [['origins', 'allow', 'app.example.com'], 'Did you mean https://app.example.com?'],
    [['origins', 'allow', 'https://app.example.com/x?y'], 'Did you mean https://app.example.com?'],
    [['origins', 'allow', '*'], 'cannot be allowed'],
    [['doctor'], 'Set PUBLIC_URL'],
    [['doctor', '--url', 'https://login.example.com/x'], 'without a path'],
  ]
  for (const [words, answer] of cases) {
    const { code, out, err } = await runCommand(words, { DATA_FOLDER: '/dev/null' })
    t.equal(code, 2, words.join(' '))
    t.match(err, answer)
    t.equal(out, '')
  }
})

t.test('what cannot be done ends with exit code 1 and a sentence', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const url = databaseUrl(connection)
  await database.query(
    'delete from schema_migrations where number = (select max(number) from schema_migrations)',
  )
  const cases: [settings: Record<string, string>, answer: string][] = [
    [{ DATA_FOLDER: '/dev/null/data' }, 'There is no database in /dev/null/data.'],
    [{ DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x' }, 'The database cannot be had'],
    [{ DATABASE_URL: 'postgres://u:hunter2@[bad/x' }, 'DATABASE_URL must look like'],
    [{ DATABASE_URL: 'mysql://u:hunter2@127.0.0.1/x' }, 'The settings cannot be used.\nDATABASE_URL must'],
    [
      { DATABASE_URL: url.replace(/latchkey_test_\w+/, 'latchkey_nowhere') },
      'Postgres refuses what DATABASE_URL asks for',
    ],
    [{ DATABASE_URL: url }, 'Start the service once'],
  ]
  for (const [settings, answer] of cases) {
    const { code, out, err } = await runCommand(['accounts', 'list'], settings)
    t.equal(code, 1)
    t.match(err, answer)
    t.notMatch(err, 'hunter2')
    t.notMatch(err, '    at ')
    t.equal(out, '')
  }
})

t.test('says what to do when it is not built', async (t) => {
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'src'))
  for (const name of ['package.json', 'src/latchkey.js'])
    cpSync(join(projectFolder, name), join(folder, name))
  const run = promisify(execFile)
  const copy = join(folder, 'src/latchkey.js')
  await t.rejects(run(process.execPath, [copy]), {
    code: 1,
    stderr: /not built yet\. Run "npm run build" in/,
  })
})

t.test('npx finds it in a clone', async (t) => {
  const cache = makeFolder(t)
  t.ok(existsSync(program))
  const env = { PATH: process.env['PATH'], HOME: cache, npm_config_cache: cache, npm_config_offline: 'true' }
  const run = promisify(execFile)
  const { stdout } = await run('npx', ['latchkey', '--version'], { cwd: projectFolder, env })
  t.match(stdout, /^latchkey \d/)
})

t.test('suggests only what is close', async (t) => {
  const known = ['accounts', 'origins', 'doctor', 'list', 'add']
  const cases: [typed: string, meant: string | null][] = [
    ['acount', 'accounts'],
    ['ORIGIN', 'origins'],
    ['lsit', 'list'],
    ['ad', 'add'],
    ['xyz', null],
    ['', null],
    ['backup', null],
  ]
  for (const [typed, meant] of cases) t.equal(closestWord(typed, known), meant, typed)
})
