import { randomUUID } from 'node:crypto'
import t from 'tap'
import { SecurityEventListStore } from '../../src/security-events/security-event-list-store.js'
import { SecurityEventStore } from '../../src/security-events/security-event-store.js'
import type { SecurityEvent, SecurityEventKind } from '../../src/security-events/security-event.js'
import { addAccount } from '../accounts/add-account.js'
import { createTestDatabase } from '../database/test-database.js'

const { database } = await createTestDatabase(t)
const store = new SecurityEventStore(database)
const list = new SecurityEventListStore(database)
let accountId = ''

/** @param time of a day, such as `02T10:00` */
function event(kind: SecurityEventKind, time: string, more: Partial<SecurityEvent> = {}): SecurityEvent {
  const at = new Date(`2026-01-${time}:00Z`)
  return { accountId, kind, at, clientAddress: '192.0.2.1', userAgent: 'Firefox', ...more }
}

const kinds = async (limit = 100, before: string | null = null) =>
  (await list.list(accountId, limit, before)).map(({ kind }) => kind)

t.beforeEach(async () => {
  accountId = await addAccount(database)
})

t.test('events are listed the last first, of one account and so many', async (t) => {
  const byOperator = { clientAddress: null, userAgent: null }
  await store.add([
    event('registered', '01T10:00'),
    event('signedIn', '01T10:00'),
    event('passwordSetByOperator', '01T10:00', byOperator),
    event('signedOut', '01T09:00'),
  ])
  t.strictSame(await kinds(), ['passwordSetByOperator', 'signedIn', 'registered', 'signedOut'])
  const [last, second] = await list.list(accountId, 2)
  const { accountId: _, ...shown } = event('passwordSetByOperator', '01T10:00', byOperator)
  t.strictSame(last, {
    ...shown,
    firstFactor: null,
    id: last?.id,
    firstAt: shown.at,
    count: 1,
    addressCount: 0,
  })
  t.strictSame(await kinds(100, second?.id), ['registered', 'signedOut'], 'and go on after one of them')
  t.equal((await kinds(2)).length, 2)
  t.strictSame(await list.list(randomUUID(), 100), [])
})

t.test('it is told by what the sign-in began, also where a day is one entry', async (t) => {
  await store.add([
    event('signedIn', '01T10:00', { firstFactor: 'provider' }),
    event('signInCodeWrong', '02T10:00', { firstFactor: 'passkey' }),
    event('signInCodeWrong', '02T10:01', { firstFactor: 'password' }),
    event('signInCodeWrong', '02T10:02', { firstFactor: 'password' }),
  ])
  const listed = await list.list(accountId, 100)
  t.strictSame(
    listed.map(({ kind, firstFactor, count }) => [kind, firstFactor, count]),
    [
      ['signInCodeWrong', 'password', 2],
      ['signInCodeWrong', 'passkey', 1],
      ['signedIn', 'provider', 1],
    ],
  )
})

t.test('of what strangers can do without end a day is one entry, in the place of its last', async (t) => {
  await store.add([
    event('signInFailed', '01T23:59'),
    event('signInFailed', '02T10:00'),
    event('signedIn', '02T10:01'),
    event('recoveryFailed', '02T10:02'),
    event('signInFailed', '02T10:03', { clientAddress: '192.0.2.2' }),
    event('signedIn', '02T10:04'),
    event('signInFailed', '02T10:05', { userAgent: 'curl' }),
  ])
  t.match(await list.list(accountId, 100), [
    {
      kind: 'signInFailed',
      count: 3,
      addressCount: 2,
      firstAt: new Date('2026-01-02T10:00:00Z'),
      at: new Date('2026-01-02T10:05:00Z'),
      userAgent: 'curl',
    },
    { kind: 'signedIn', count: 1 },
    { kind: 'recoveryFailed', count: 1 },
    { kind: 'signedIn', count: 1 },
    { kind: 'signInFailed', count: 1, at: new Date('2026-01-01T23:59:00Z') },
  ])
  const [newest] = await list.list(accountId, 1)
  await store.add([event('signInFailed', '02T10:06')])
  t.strictSame(
    await kinds(100, newest?.id),
    ['signedIn', 'recoveryFailed', 'signedIn', 'signInFailed'],
    'a page goes on where it was, also when an entry has grown meanwhile',
  )
})

t.test('a kind that this release does not know is not shown', async (t) => {
  await store.add([event('signedIn', '01T10:00')])
  await database.query(
    `insert into security_events (account_id, kind, happened_at)
     values ($1, 'of another release', now())`,
    [accountId],
  )
  t.strictSame(await kinds(), ['signedIn'])
})
