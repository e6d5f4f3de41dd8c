import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { AccountStore } from '../../src/accounts/account-store.js'
import { Database, type DatabaseConnection } from '../../src/database/database.js'
import { NotificationListener, type ListenerSettings } from '../../src/database/notification-listener.js'
import type { Queryable } from '../../src/database/queryable.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { SessionCache } from '../../src/sessions/session-cache.js'
import { SessionKeeper } from '../../src/sessions/session-keeper.js'
import { SessionListStore } from '../../src/sessions/session-list-store.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import { until } from '../database/until.js'

export type SessionNode = {
  keeper: SessionKeeper
  cache: SessionCache
  listener: NotificationListener
  /** How many statements its sessions have cost so far. */
  statements: () => number
  /** Everything it logged, in order. */
  logged: string[]
}

/** A node without its pages: sessions with a pool, a cache and a listener of their own. Ends with the test. */
export async function startNode(
  t: Test,
  connection: DatabaseConnection,
  settings: Partial<ListenerSettings> = {},
): Promise<SessionNode> {
  const logged: string[] = []
  const note = (_details: object, message: string) => logged.push(message)
  const log = { warn: note, info: note }
  const database = new Database({ connection, log })
  const listener = new NotificationListener({
    connection,
    channel: 'latchkey_sessions',
    sendFromElsewhere: async (statement) => database.query(statement),
    isReady: async () => true,
    log,
    ...settings,
  })
  let statements = 0
  const door: Queryable = {
    query: async (...query) => {
      statements += 1
      return database.query(...query)
    },
  }
  const sessionStore = new SessionStore(door)
  const sessionCache = new SessionCache({ sessionStore, size: 1000, isCurrent: () => listener.isCurrent() })
  const keeper = new SessionKeeper({
    sessionListStore: new SessionListStore(door),
    sessionStore,
    sessionCache,
    lastUsedPrecisionSeconds: 60,
    idleTimeoutSeconds: 0,
    sweepIntervalSeconds: 60,
    now: () => new Date(),
  })
  listener.start(sessionCache)
  t.teardown(async () => {
    await listener.close()
    await database.close()
  })
  return { keeper, cache: sessionCache, listener, statements: () => statements, logged }
}

/** Waits until a node answers from memory. */
export async function untilCurrent({ listener }: SessionNode): Promise<void> {
  await until(() => listener.isCurrent())
}

/** Signs somebody new in; the session lasts an hour, or until `expiresAt`. */
export async function openSession(
  database: Queryable,
  { createdAt = new Date(), expiresAt = new Date(createdAt.getTime() + 3_600_000) } = {},
): Promise<{ token: string; key: string; accountId: string }> {
  const name = randomUUID().slice(0, 12)
  const added = await new AccountStore(database).add({
    username: name,
    canonicalUsername: name,
    email: null,
    canonicalEmail: null,
    emailConfirmedAt: null,
    passwordHash: '',
    createdAt,
  })
  if (added.kind !== 'added') throw new Error(added.kind)
  const token = createRandomToken()
  const tokenHash = hashToken(token)
  const accountId = added.account.id
  await new SessionStore(database).add({
    tokenHash,
    accountId,
    passwordVersion: added.account.passwordVersion,
    userAgent: null,
    createdAt,
    expiresAt,
    replacedTokenHash: null,
  })
  return { token, key: tokenHash.toString('hex'), accountId }
}
