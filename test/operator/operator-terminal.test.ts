import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import t from 'tap'
import { createTestDatabase } from '../database/test-database.js'
import { until } from '../database/until.js'
import { databaseUrl, program, quickHashing, runCommand } from './run-command.js'

const password = 'correct horse battery'
const script = '/usr/bin/script'

t.test('JSON obeys no terminal either: what would command it is escaped and reads the same', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const name = 'x\u009b31m\u202ey'
  await database.query(
    `insert into accounts (username, canonical_username, password_hash, created_at) values ($1, 'x', '', now())`,
    [name],
  )
  const { out } = await runCommand(['accounts', 'list', '--json'], { DATABASE_URL: databaseUrl(connection) })
  t.match(out, 'x\\u009b31m\\u202ey')
  t.match(JSON.parse(out), [{ username: name }])
})

t.test('searches names in any spelling, and says when there are more', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const settings = { DATABASE_URL: databaseUrl(connection) }
  await database.query(
    `insert into accounts (username, canonical_username, email, canonical_email, password_hash, created_at)
     select 'User' || n, 'user' || n, 'U' || n || '@example.com', 'u' || n || '@example.com', '', now()
     from generate_series(100, 299) as n`,
  )
  const list = async (...words: string[]) => runCommand(['accounts', 'list', ...words], settings)
  t.match((await list('--search', 'USER15')).out.split('\n').length, 12)
  t.match((await list('--search', 'U150@')).out, 'User150')
  for (const text of ['%', '_', '\\', "'"])
    t.match((await list('--search', text)).out, 'no such account', text)
  const cut = await list()
  t.equal(cut.out.split('\n').length, 102)
  t.match(cut.err, 'There are more than these 100.')
  t.equal((JSON.parse((await list('--json', '--limit', '1000')).out) as unknown[]).length, 200)
})

t.test(
  'at a terminal a password is asked for twice and never shown',
  { skip: !existsSync(script) },
  async (t) => {
    const { connection, database } = await createTestDatabase(t)
    const settings = { DATABASE_URL: databaseUrl(connection), ...quickHashing }
    /** Types each answer once its question is there. */
    const converse = async (words: string, answers: [question: string, answer: string][]) => {
      const command = `'${process.execPath}' '${program}' accounts ${words}`
      const child = spawn(script, ['-qec', command, '/dev/null'], {
        env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', SHELL: '/bin/sh', ...settings },
      })
      let shown = ''
      child.stdout.on('data', (chunk) => (shown += String(chunk)))
      for (const [question, answer] of answers) {
        await until(() => shown.includes(question))
        // The question is written just before the terminal is told to be silent.
        await new Promise((resolve) => setTimeout(resolve, 100))
        child.stdin.write(answer)
      }
      const [code] = (await once(child, 'close')) as [number]
      return { code, shown }
    }

    const typed = `wrong\u0015${password}!\u007f\r`
    const added = await converse('add Ada', [
      ['New password for Ada: ', typed],
      ['The same again: ', `${password}\r`],
    ])
    t.equal(added.code, 0, added.shown)
    t.notMatch(added.shown, /correct|wrong/)
    t.match(added.shown, 'The account Ada is made.')

    const different = await converse('set-password ada', [
      ['New password for Ada: ', `${password}\r`],
      ['The same again: ', `${password}?\r`],
    ])
    t.match(different, { code: 1, shown: 'The two differ. Nothing was changed.' })
    t.match(await converse('set-password ada', [['New password', 'x\u0003']]), {
      code: 130,
      shown: 'Stopped.',
    })
    t.match(await converse('remove ada', [['Type the username: ', 'Bob\r']]), { code: 1 })
    t.match(await converse('remove ada', [['Type the username: ', '\u0003']]), { code: 130 })
    t.equal((await database.query('select 1 from accounts')).rowCount, 1)
    t.match(await converse('remove ada', [['Type the username: ', 'Ada\r']]), { code: 0 })
    t.equal((await database.query('select 1 from accounts')).rowCount, 0)
  },
)
