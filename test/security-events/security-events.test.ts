import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { pino } from 'pino'
import { AccountEmailStore } from '../../src/accounts/account-email-store.js'
import { AccountStore } from '../../src/accounts/account-store.js'
import { DatabaseUnavailable } from '../../src/database/database-unavailable.js'
import type { Queryable } from '../../src/database/queryable.js'
import type { SecurityEvent, SecurityEventKind } from '../../src/security-events/security-event.js'
import { SecurityEventRecorder } from '../../src/security-events/security-event-recorder.js'
import { SecurityEventStore } from '../../src/security-events/security-event-store.js'
import { SecurityEventUpkeep } from '../../src/security-events/security-event-upkeep.js'
import { addAccount } from '../accounts/add-account.js'
import { createTestDatabase } from '../database/test-database.js'
import { until } from '../database/until.js'
import { readEvents } from './read-events.js'

const now = new Date('2026-01-01T00:00:00Z')
const { database } = await createTestDatabase(t)
const store = new SecurityEventStore(database)
let accountId = ''

function event(kind: SecurityEventKind, more: Partial<SecurityEvent> = {}): SecurityEvent {
  return { accountId, kind, at: now, clientAddress: '192.0.2.1', userAgent: 'Firefox', ...more }
}

const kinds = async () => (await readEvents(database, accountId)).map(({ kind }) => kind)

/** A recorder behind a door that can be shut and counts who passes. */
function createRecorder(t: Test) {
  const door = { isGone: false, statements: 0, logged: [] as string[] }
  const queryable: Queryable = {
    query: async (...query) => {
      door.statements += 1
      if (door.isGone) throw new DatabaseUnavailable(new Error('gone'))
      return database.query(...query)
    },
  }
  const warn = (_details: unknown, message?: string) => void door.logged.push(message ?? '')
  const recorder = new SecurityEventRecorder(new SecurityEventStore(queryable), { warn })
  t.teardown(() => recorder.stop())
  return { recorder, door }
}

t.beforeEach(async () => {
  accountId = await addAccount(database)
})

t.test('an event of an account that is gone is passed over, the others are written', async (t) => {
  await store.add([event('signedIn', { accountId: randomUUID() }), event('signedOut'), event('signedIn')])
  t.strictSame(await kinds(), ['signedIn', 'signedOut'])
})

t.test('events go with their account, also while they are written', async (t) => {
  await store.add([event('signedIn')])
  const adding = Array.from({ length: 8 }, () =>
    store.add(Array.from({ length: 100 }, () => event('signedIn'))),
  )
  await Promise.all([...adding, new AccountStore(database).remove(accountId)])
  t.strictSame(await kinds(), [])
})

t.test('old events are swept', async (t) => {
  const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000)
  await store.add([event('registered', { at: daysAgo(31) }), event('signedIn', { at: daysAgo(30) })])
  await database.query(
    `insert into security_events (account_id, kind, happened_at)
     select $1, 'signedIn', $2 from generate_series(1, 1100)`,
    [accountId, daysAgo(40)],
  )
  const settings = { days: 30, intervalSeconds: 60, log: pino({ level: 'silent' }), now: () => now }
  await new SecurityEventUpkeep({ securityEventStore: store, ...settings }).sweep()
  t.strictSame(await kinds(), ['signedIn'])
})

t.test('what is noted within a moment is written by one statement, and soon', async (t) => {
  const { recorder, door } = createRecorder(t)
  for (let index = 0; index < 50; index += 1) recorder.note(event('signInFailed'))
  t.equal(door.statements, 0, 'nobody waits')
  await until(async () => (await kinds()).length === 50)
  t.equal(door.statements, 1)
  await recorder.flush()
  t.equal(door.statements, 1, 'nothing is left')
})

t.test('flushing and stopping write what is left, in order', async (t) => {
  const { recorder } = createRecorder(t)
  recorder.note(event('signedIn'))
  const first = recorder.flush()
  recorder.note(event('signedOut'))
  await Promise.all([first, recorder.flush()])
  t.strictSame(await kinds(), ['signedOut', 'signedIn'])
  recorder.note(event('signInFailed'))
  await recorder.stop()
  t.strictSame(await kinds(), ['signInFailed', 'signedOut', 'signedIn'])
})

t.test('while the database is away events wait, and it is said once', async (t) => {
  const { recorder, door } = createRecorder(t)
  door.isGone = true
  recorder.note(event('signedIn'))
  await recorder.flush()
  recorder.note(event('signedOut'))
  await recorder.flush()
  t.strictSame(door.logged, ['security events wait for the database'])
  door.isGone = false
  await recorder.flush()
  t.strictSame(await kinds(), ['signedOut', 'signedIn'])
  door.isGone = true
  recorder.note(event('signedIn'))
  await recorder.flush()
  t.equal(door.logged.length, 2, 'another time')
  door.isGone = false
})

t.test('of more events than can wait the oldest are lost', async (t) => {
  const { recorder, door } = createRecorder(t)
  door.isGone = true
  recorder.note(event('registered'))
  for (let index = 0; index < 9_999; index += 1) recorder.note(event('signInFailed'))
  await recorder.flush()
  recorder.note(event('accountLocked'))
  await recorder.flush()
  door.isGone = false
  await recorder.flush()
  const written = await kinds()
  t.strictSame([written.length, written[0], written.includes('registered')], [10_000, 'accountLocked', false])
})

t.test('an event that the database refuses does not come again', async (t) => {
  const { recorder, door } = createRecorder(t)
  recorder.note(event('signedIn', { accountId: 'nobody' }))
  await recorder.flush()
  recorder.note(event('signedOut'))
  await recorder.flush()
  t.strictSame(await kinds(), ['signedOut'])
  t.equal(door.logged.length, 1)
})

t.test('events of several accounts do not wait in a circle for whoever locks these', async (t) => {
  const accounts = [accountId, await addAccount(database)]
  for (const [first = '', second = ''] of [accounts, accounts.toReversed()]) {
    const work = Array.from({ length: 30 }, async () => [
      await database.transaction(async (client) => new AccountEmailStore(client).lock([first, second])),
      await store.add([event('signedIn', { accountId: first }), event('signedIn', { accountId: second })]),
    ])
    await Promise.all(work)
  }
  t.equal((await kinds()).length, 60)
})

t.test(
  'of what can be done without end the newest five of a kind are kept, and no more are told an hour',
  async (t) => {
    const other = { ...event('securityQuestionsRemoved'), at: new Date(now.getTime() - 1000) }
    t.equal(await store.addRepeatable(other), true)
    await store.add([event('passwordChanged')])
    const add = async (seconds: number) =>
      store.addRepeatable(
        event('securityQuestionsSet', {
          at: new Date(now.getTime() + seconds * 1000),
          userAgent: `${seconds}`,
        }),
      )
    const told: boolean[] = []
    for (let seconds = 0; seconds < 8; seconds++) told.push(await add(seconds))
    t.strictSame(told, [true, true, true, true, true, false, false, false])
    t.equal(await add(3 + 3600), true, 'the fifth before is an hour ago')
    const listed = await readEvents(database, accountId)
    t.strictSame(
      listed.map(({ kind, userAgent }) => [kind, userAgent]),
      [
        ...['3603', '7', '6', '5', '4'].map((agent) => ['securityQuestionsSet', agent]),
        ['passwordChanged', 'Firefox'],
        ['securityQuestionsRemoved', 'Firefox'],
      ],
    )
    t.equal(await store.addRepeatable(event('securityQuestionsSet', { accountId: randomUUID() })), true)
  },
)
