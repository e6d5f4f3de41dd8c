import t from 'tap'
import { until } from '../database/until.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { createResetCode } from '../../src/reset-codes/reset-code.js'
import { ResetCodeStore } from '../../src/reset-codes/reset-code-store.js'
import {
  answer,
  begin,
  email,
  newPassword,
  password,
  prove,
  reachLastQuestion,
  reset,
  setQuestions,
  signIn,
  startWithAda,
} from './recovery-scene.js'
import type { Page, TestBrowser } from './test-browser.js'
import type { TestService } from './test-service.js'

const wrongCode = '2222-2222-2222-2222-2222-2222'

/** So that the limit does not decide who is first. */
const patient = { RECOVERY_FAILURES_BEFORE_COOLDOWN: '1000' }

const times = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

const won = (pages: readonly Page[]): number => pages.filter(({ status }) => status === 303).length

/** A browser with the cookies of another, as they are now. */
function copyOf(browser: TestBrowser, service: TestService): TestBrowser {
  const copy = service.browser()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

t.test('of 16 parallel resets with one token one sets its password', async (t) => {
  const { service, passkey } = await startWithAda(t)
  const stranger = service.browser()
  await begin(stranger)
  await prove(stranger, 'passkey', passkey)
  const pages = await times(16, (index) => reset(copyOf(stranger, service), `${newPassword} ${index}`))
  t.equal(won(pages), 1)
  t.equal(pages.filter(({ status }) => status === 410).length, 15)
  const winner = pages.findIndex(({ status }) => status === 303)
  t.equal((await signIn(service.browser(), `${newPassword} ${winner}`)).status, 303)
})

t.test('of two recoveries that are proved, one resets the password', async (t) => {
  const { service, passkey } = await startWithAda(t)
  for (let round = 0; round < 5; round++) {
    await service.database.query('update recovery_passkeys set passkey_hash = sha256($1::bytea)', [
      Buffer.from(passkey.replaceAll('-', '')),
    ])
    const browsers = [service.browser(), service.browser()]
    for (const browser of browsers) {
      await begin(browser)
      t.equal((await prove(browser, 'passkey', passkey)).status, 303)
    }
    t.equal(won(await Promise.all(browsers.map((browser) => reset(browser, `${newPassword} ${round}`)))), 1)
  }
})

t.test('of 16 parallel uses of one proof in one recovery one counts', async (t) => {
  const mailbox = await openMailbox(t)
  const { service, passkey } = await startWithAda(t, { ...patient, SMTP_URL: mailbox.url })
  const stranger = service.browser()
  await begin(stranger)
  t.equal(won(await times(16, () => prove(copyOf(stranger, service), 'passkey', passkey))), 1)

  await begin(stranger)
  await stranger.post('/recover/email/send')
  const code = codeIn(await mailbox.letterTo(email))
  t.equal(won(await times(16, () => prove(copyOf(stranger, service), 'email', code))), 1)
})

t.test("of 16 browsers that use one operator's code at once one gets through", async (t) => {
  const { service } = await startWithAda(t, patient)
  const code = await issueCode(service)
  const browsers = await times(16, async () => {
    const browser = service.browser()
    await begin(browser)
    return browser
  })
  t.equal(won(await Promise.all(browsers.map((browser) => prove(browser, 'code', code)))), 1)
})

t.test('of 50 parallel guesses at the answers exactly 5 are compared', async (t) => {
  const { service, owner } = await startWithAda(t)
  await setQuestions(owner)
  // Of one recovery the first that is refused takes the answers of all along.
  const strangers = await times(50, () => reachLastQuestion(service))
  const tries = strangers.map((stranger) => stranger.post('/recover/questions/3', { proof: 'x' }))
  const pages = await Promise.all(tries)
  t.equal(pages.filter(({ status }) => status === 401).length, 4)
  t.equal(pages.filter(({ status }) => status === 429).length, 46)
  const compared = async () => {
    const { rowCount } = await service.database.query(
      "select from security_events where kind = 'recoveryFailed'",
    )
    return rowCount
  }
  await until(async () => (await compared()) === 5)
  const { rows } = await service.database.query('select failures from failed_attempts')
  t.strictSame(rows, [{ failures: 5 }])
})

t.test('a database that goes away within the reset leaves all as it was', async (t) => {
  const { service, owner, passkey } = await startWithAda(t)
  const { database } = service
  const stranger = service.browser()
  await begin(stranger)
  await prove(stranger, 'passkey', passkey)
  const asItWas = async (what: string) => {
    t.equal((await owner.get('/api/session')).status, 200, `${what}: the session goes on`)
    t.equal((await signIn(service.browser(), password)).status, 303, `${what}: the old password counts`)
    t.equal((await signIn(service.browser(), newPassword)).status, 401, `${what}: the new one does not`)
    const { rowCount } = await database.query('select from recovery_passkeys where passkey_hash is not null')
    t.equal(rowCount, 1, `${what}: the passkey counts`)
  }

  for (const table of [
    'recovery_passkeys',
    'failed_attempts',
    'email_codes',
    'reset_codes',
    'security_events',
  ]) {
    await database.query(`alter table ${table} rename to away`)
    t.equal((await reset(stranger)).status, 503, table)
    await database.query(`alter table away rename to ${table}`)
    await asItWas(table)
  }

  await database.transaction(async (client) => {
    await client.query('lock table recoveries in share mode')
    const late = reset(stranger)
    const blocked =
      "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%delete from recoveries%'"
    await until(async () => (await database.query(blocked)).rowCount === 1)
    await database.query(`select pg_terminate_backend(pid) from (${blocked}) as stuck`)
    t.equal((await late).status, 503)
  })
  await asItWas('killed before its last step')
  t.equal((await reset(stranger)).status, 303, 'and the same token still does it')
  t.equal((await signIn(stranger, newPassword)).status, 303)
})

t.test("an operator's code is not lost when the proof cannot be noted", async (t) => {
  const { service } = await startWithAda(t, patient)
  const code = await issueCode(service)
  const stranger = service.browser()
  await begin(stranger)
  const { database } = service
  await database.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`)
  await database.query(`
    create trigger refuse before update on recoveries for each row execute function refuse()`)
  t.equal((await prove(stranger, 'code', code)).status, 500)
  await database.query('drop trigger refuse on recoveries')
  t.equal((await prove(stranger, 'code', code)).status, 303)
})

t.test('a recovery begins as for nobody while its account is being removed', async (t) => {
  const { service } = await startWithAda(t)
  const { database } = service
  const stranger = service.browser()
  const [begun] = await database.transaction(async (client) => {
    await client.query('delete from accounts')
    const beginning = begin(stranger)
    const waits =
      "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into recoveries%'"
    await until(async () => (await database.query(waits)).rowCount === 1)
    return [beginning]
  })
  t.equal((await begun).status, 303)
  t.equal((await prove(stranger, 'code', wrongCode)).status, 401)
})

t.test('an account that is removed on the way is over in words', async (t) => {
  const { service, owner, passkey } = await startWithAda(t)
  await setQuestions(owner)
  const [atProof, atReset] = [service.browser(), service.browser()]
  await begin(atProof)
  await begin(atReset)
  await prove(atReset, 'passkey', passkey)
  await service.database.query('delete from accounts')
  t.equal((await answer(atProof)).status, 410)
  t.equal((await atReset.get('/recover/reset')).status, 410)
  t.equal((await reset(atReset)).status, 410)
})

async function issueCode({ database }: TestService): Promise<string> {
  const { rows } = await database.query<{ id: string }>('select id from accounts')
  const { code, hash } = createResetCode()
  await new ResetCodeStore(database).issue(rows[0]?.id ?? '', hash, new Date(Date.now() + 3_600_000))
  return code
}
