import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { AccountStore } from '../../src/accounts/account-store.js'
import { RecoveryPasskeyKeeper } from '../../src/recovery-passkey/recovery-passkey-keeper.js'
import { RecoveryPasskeyStore } from '../../src/recovery-passkey/recovery-passkey-store.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import type { SignedIn } from '../../src/sign-in/door.js'
import { createTestDatabase, type TestDatabase } from '../database/test-database.js'

const visitor = {
  clientAddress: '192.0.2.7',
  userAgent: 'Test',
  deviceToken: null,
  signal: new AbortController().signal,
}

async function prepare(t: Test) {
  const { database } = await createTestDatabase(t)
  let time = Date.UTC(2026, 0, 1)
  const now = () => new Date(time++)
  const outcome = await new AccountStore(database).add({
    username: 'Ada',
    canonicalUsername: 'ada',
    email: null,
    canonicalEmail: null,
    emailConfirmedAt: null,
    passwordHash: 'unused',
    createdAt: now(),
  })
  if (outcome.kind !== 'added') throw new Error(outcome.kind)
  const accountId = outcome.account.id
  const keeper = new RecoveryPasskeyKeeper({
    database,
    isOffered: true,
    wayBackChange: async () => undefined,
    tellOwner: () => undefined,
    now,
  })
  const signIn = () => openSession(database, accountId)
  const events = async () => (await database.query('select kind from security_events')).rows.length
  return { database, accountId, keeper, signIn, events, now }
}

async function openSession(database: TestDatabase['database'], accountId: string): Promise<SignedIn> {
  const token = createRandomToken()
  const store = new SessionStore(database)
  const createdAt = new Date()
  const expiresAt = new Date(createdAt.getTime() + 3_600_000)
  const tokenHash = hashToken(token)
  await store.add({
    tokenHash,
    accountId,
    passwordVersion: 1,
    createdAt,
    expiresAt,
    replacedTokenHash: null,
    userAgent: null,
  })
  const session = (await store.find([tokenHash.toString('hex')])).values().next().value
  if (session === undefined) throw new Error('no session')
  return { token, session }
}

t.test('a session is shown the same passkey until it is saved, and then none', async (t) => {
  const { keeper, accountId, signIn, database } = await prepare(t)
  const signedIn = await signIn()
  t.equal(await keeper.isDue(accountId), true)
  t.equal(await keeper.has(accountId), false)
  const shown = await keeper.open(signedIn, visitor)
  t.match(shown?.passkey, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
  t.equal(shown?.isReplacement, false)
  t.strictSame(await keeper.open(signedIn, visitor), shown)
  t.equal(await keeper.isDue(accountId), true)
  t.equal(await keeper.has(accountId), true)

  t.strictSame(await keeper.markSaved(accountId, shown?.mark ?? ''), { kind: 'saved', isFirst: true })
  t.equal(await keeper.isDue(accountId), false)
  t.equal(await keeper.open(signedIn, visitor), null)
  t.match((await database.query('select * from recovery_passkeys')).rows, [
    { session_id: null, sealed: null },
  ])
})

t.test('only this passkey of this account matches, however it is written', async (t) => {
  const { keeper, accountId, signIn } = await prepare(t)
  const { passkey = '', mark = '' } = (await keeper.open(await signIn(), visitor)) ?? {}
  const check = async (message: string) => {
    for (const typed of [passkey, passkey.toLowerCase(), ` ${passkey.replaceAll('-', ' ')}\n`])
      t.equal(await keeper.matches(accountId, typed), true, message)
  }
  await check('shown')
  await keeper.markSaved(accountId, mark)
  await check('saved')
  const last = passkey.at(-1) === '7' ? '8' : '7'
  for (const typed of ['', passkey.slice(0, -1), passkey.slice(0, -1) + last, `${passkey}7`, mark])
    t.equal(await keeper.matches(accountId, typed), false, typed)
  t.equal(await keeper.matches(randomUUID(), passkey), false)
  t.equal(await keeper.matches(null, passkey), false)
})

t.test('another session is shown a new one, which ends the one that was not saved', async (t) => {
  const { keeper, accountId, signIn, events } = await prepare(t)
  const [first, second] = [await signIn(), await signIn()]
  const shown = await keeper.open(first, visitor)
  const newer = await keeper.open(second, visitor)
  t.not(newer?.passkey, shown?.passkey)
  t.equal(newer?.isReplacement, true)
  t.equal((await keeper.open(second, visitor))?.isReplacement, true, 'also when it is loaded again')
  t.equal(await keeper.matches(accountId, shown?.passkey ?? ''), false)

  t.strictSame(await keeper.markSaved(accountId, shown?.mark ?? ''), { kind: 'replaced' })
  t.equal(await keeper.isDue(accountId), true)
  t.strictSame(await keeper.markSaved(accountId, newer?.mark ?? ''), { kind: 'saved', isFirst: true })
  t.strictSame(await keeper.markSaved(accountId, newer?.mark ?? ''), { kind: 'saved', isFirst: false })
  t.strictSame(await keeper.markSaved(accountId, shown?.mark ?? ''), { kind: 'outdated' })
  t.equal(await events(), 2)
})

t.test('of 16 parallel visits in one session all are shown the same, made once', async (t) => {
  const { keeper, signIn, events } = await prepare(t)
  const signedIn = await signIn()
  const all = await Promise.all(Array.from({ length: 16 }, () => keeper.open(signedIn, visitor)))
  t.equal(new Set(all.map((opened) => opened?.passkey)).size, 1)
  t.ok(all[0]?.passkey)
  t.equal(await events(), 1)
})

t.test('a new token for the session makes a new passkey due, in parallel visits the same', async (t) => {
  const { keeper, accountId, signIn, events } = await prepare(t)
  const before = await signIn()
  const shown = await keeper.open(before, visitor)
  const after = { ...before, token: createRandomToken() }
  const all = await Promise.all(Array.from({ length: 16 }, () => keeper.open(after, visitor)))
  t.equal(new Set(all.map((opened) => opened?.passkey)).size, 1)
  t.not(all[0]?.passkey, shown?.passkey)
  t.equal(all[0]?.isReplacement, true)
  t.equal(await keeper.matches(accountId, all[0]?.passkey ?? ''), true)
  t.equal(await events(), 2)
})

t.test('a regenerated one ends the saved one at once and is due until saved', async (t) => {
  const { keeper, accountId, signIn, events } = await prepare(t)
  const signedIn = await signIn()
  const old = await keeper.open(signedIn, visitor)
  await keeper.markSaved(accountId, old?.mark ?? '')
  await keeper.regenerate(signedIn, visitor)
  t.equal(await keeper.matches(accountId, old?.passkey ?? ''), false)
  t.equal(await keeper.isDue(accountId), true)
  const fresh = await keeper.open(signedIn, visitor)
  t.equal(fresh?.isReplacement, true)
  t.strictSame(await keeper.markSaved(accountId, fresh?.mark ?? ''), { kind: 'saved', isFirst: false })
  t.equal(await events(), 2)
})

t.test('"I have saved it" and regenerating at once leave one passkey: saved, or to be shown', async (t) => {
  const { keeper, accountId, signIn } = await prepare(t)
  const signedIn = await signIn()
  for (let round = 0; round < 10; round++) {
    await keeper.regenerate(signedIn, visitor)
    const shown = await keeper.open(signedIn, visitor)
    const [saving] = await Promise.all([
      keeper.markSaved(accountId, shown?.mark ?? ''),
      keeper.regenerate(signedIn, visitor),
      keeper.markSaved(accountId, shown?.mark ?? ''),
    ])
    t.match(saving.kind, /saved|replaced/)
    t.equal(await keeper.isDue(accountId), true)
    t.equal(await keeper.matches(accountId, shown?.passkey ?? ''), false)
    const fresh = await keeper.open(signedIn, visitor)
    t.equal(await keeper.matches(accountId, fresh?.passkey ?? ''), true)
  }
})

t.test('a passkey that was ended is due anew, and the account is not taken for a new one', async (t) => {
  const { keeper, accountId, signIn, database } = await prepare(t)
  const signedIn = await signIn()
  const old = await keeper.open(signedIn, visitor)
  await new RecoveryPasskeyStore(database).forget(accountId)
  t.equal(await keeper.has(accountId), false)
  t.equal(await keeper.matches(accountId, old?.passkey ?? ''), false)
  t.strictSame(await keeper.markSaved(accountId, old?.mark ?? ''), { kind: 'replaced' })
  const fresh = await keeper.open(signedIn, visitor)
  t.not(fresh?.passkey, old?.passkey)
  t.strictSame(await keeper.markSaved(accountId, fresh?.mark ?? ''), { kind: 'saved', isFirst: false })
})

t.test('of 16 parallel programs one is handed the passkey, and it counts as saved', async (t) => {
  const { keeper, accountId, events } = await prepare(t)
  const all = await Promise.all(
    Array.from({ length: 16 }, () => keeper.handOverIfDue({ id: accountId, passwordVersion: 1 }, visitor)),
  )
  const handed = all.filter((passkey) => passkey !== null)
  t.equal(handed.length, 1)
  t.equal(await keeper.matches(accountId, handed[0] ?? ''), true)
  t.equal(await keeper.isDue(accountId), false)
  t.equal(
    await keeper.handOver({ id: accountId, passwordVersion: 0 }, visitor),
    null,
    'the password was changed',
  )
  const fresh = await keeper.handOver({ id: accountId, passwordVersion: 1 }, visitor)
  t.equal(await keeper.matches(accountId, handed[0] ?? ''), false)
  t.equal(await keeper.matches(accountId, fresh ?? ''), true)
  t.equal(await events(), 2)
})

t.test('nothing is made for a session or an account that has ended', async (t) => {
  const { keeper, accountId, signIn, database, events } = await prepare(t)
  const signedIn = await signIn()
  await database.query('delete from sessions')
  t.equal(await keeper.open(signedIn, visitor), null)
  await keeper.regenerate(signedIn, visitor)
  t.equal(await keeper.has(accountId), false)
  t.equal(await events(), 0)
  const gone = { token: signedIn.token, session: { ...signedIn.session, accountId: randomUUID() } }
  t.equal(await keeper.open(gone, visitor), null)
  t.equal(await keeper.handOver({ id: randomUUID(), passwordVersion: 1 }, visitor), null)
})

t.test('a session or an account that ends at this very moment ends all, and holds nobody up', async (t) => {
  const { keeper, accountId, signIn, database } = await prepare(t)
  for (let round = 0; round < 10; round++) {
    const [one, other] = [await signIn(), await signIn()]
    await Promise.all([
      keeper.open(one, visitor),
      keeper.regenerate(other, visitor),
      database.query('delete from sessions'),
      keeper.handOver({ id: accountId, passwordVersion: 1 }, visitor),
      keeper.open(other, visitor),
    ])
  }
  const signedIn = await signIn()
  await Promise.all([
    keeper.regenerate(signedIn, visitor),
    keeper.handOver({ id: accountId, passwordVersion: 1 }, visitor),
    database.query('delete from accounts'),
    keeper.handOver({ id: accountId, passwordVersion: 1 }, visitor),
    keeper.regenerate(signedIn, visitor),
  ])
  t.strictSame((await database.query('select from recovery_passkeys')).rows, [])
})

t.test('what the database holds opens nothing without the token of the session', async (t) => {
  const { keeper, accountId, signIn, database } = await prepare(t)
  const signedIn = await signIn()
  const { passkey = '' } = (await keeper.open(signedIn, visitor)) ?? {}
  const { rows } = await database.query<{ sealed: Buffer; everything: string }>(`
    select sealed, row_to_json(recovery_passkeys)::text || row_to_json(sessions)::text as everything
    from recovery_passkeys
    join sessions on sessions.id = session_id`)
  t.notMatch(rows[0]?.everything, passkey)
  t.notOk(rows[0]?.sealed.includes(passkey.slice(0, 4)))
  for (const token of [createRandomToken(), hashToken(signedIn.token).toString('base64url')]) {
    const thief = { token, session: signedIn.session }
    t.not((await keeper.open(thief, visitor))?.passkey, passkey)
    await database.query('update recovery_passkeys set sealed = $1', [rows[0]?.sealed])
  }
  t.equal((await keeper.open(signedIn, visitor))?.passkey, passkey, 'which it does with it')
  t.equal(await keeper.has(accountId), true)
})

t.test('where the operator offers no passkeys none is ever due', async (t) => {
  const { accountId, signIn, database, now } = await prepare(t)
  const keeper = new RecoveryPasskeyKeeper({
    database,
    isOffered: false,
    wayBackChange: async () => undefined,
    tellOwner: () => undefined,
    now,
  })
  t.equal(await keeper.isDue(accountId), false)
  t.equal(await keeper.open(await signIn(), visitor), null)
  t.equal(await keeper.handOverIfDue({ id: accountId, passwordVersion: 1 }, visitor), null)
  t.equal(await keeper.handOver({ id: accountId, passwordVersion: 1 }, visitor), null)
})
