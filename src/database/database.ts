import {
  Pool,
  type PoolClient,
  type PoolConfig,
  type QueryConfig,
  type QueryResult,
  type QueryResultRow,
} from 'pg'
import type { DatabaseConnection } from './database-connection.js'
import { DatabaseUnavailable } from './database-unavailable.js'
import { explainDatabaseError } from './explain-database-error.js'
import { NotificationListener, type ListenerSettings } from './notification-listener.js'
import type { NamedQuery, Queryable } from './queryable.js'

const connectTimeoutMs = 3_000
const statementTimeoutMs = 5_000
// Postgres ends a statement itself; this much later only a server that does not answer at all is given up.
const answerDelayMs = 1_000

export type { DatabaseConnection }

/** The part of a pino logger that is used here. */
export type WarningLog = { warn: (details: object, message: string) => void }

/** `poolSize` is the largest number of connections, 10 by default. */
export type DatabaseSettings = { connection: DatabaseConnection; poolSize?: number; log: WarningLog }

// `pg` takes the time for an answer per query, which its types leave out.
type TimedQuery = QueryConfig & { query_timeout: number }

/**
 * The one door to Postgres: a pool of connections that outlives restarts of the server. Knows no tables.
 */
export class Database implements Queryable {
  readonly #pool: Pool
  readonly #connection: DatabaseConnection
  #closed: Promise<void> | undefined

  constructor(settings: DatabaseSettings) {
    this.#pool = new Pool(poolConfig(settings))
    this.#connection = settings.connection
    // Without this listener a restart of Postgres would end the process.
    this.#pool.on('error', (error) => {
      settings.log.warn({ err: error }, 'a connection to the database was lost')
    })
    // The pool does not listen while a connection is lent out; the loss shows in the statement that runs or comes next.
    this.#pool.on('connect', (client) => client.on('error', ignore))
  }

  /** See `Queryable`. Each call may use another connection. */
  async query<Row extends QueryResultRow = QueryResultRow>(
    query: string | NamedQuery,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    const client = await this.#connect()
    try {
      const result = await run<Row>(client, query, values)
      client.release()
      return result
    } catch (error) {
      // Only a broken connection is thrown away: a violated constraint must not cost a new one.
      client.release(error instanceof DatabaseUnavailable ? error : false)
      throw error
    }
  }

  /**
   * Runs `work` in one transaction (READ COMMITTED): committed when it returns, rolled back when it throws.
   * @param work gets the client that its statements must go through
   * @param patienceMs how long each statement in it may take, 5 seconds by default
   * @returns what `work` returned, once that is committed
   * @throws what `work` threw; DatabaseUnavailable if the database went away, in rare cases after it had committed
   */
  async transaction<Result>(
    work: (client: Queryable) => Promise<Result>,
    patienceMs?: number,
  ): Promise<Result> {
    const client = await this.#connect()
    let failure: Error | undefined
    try {
      await run(
        client,
        patienceMs === undefined ? 'begin' : `begin; set local statement_timeout = ${patienceMs}`,
      )
      const result = await work({ query: async (query, values) => run(client, query, values, patienceMs) })
      const { command } = await run(client, 'commit')
      // Postgres answers the commit of a failed transaction with ROLLBACK and no error.
      if (command !== 'COMMIT')
        throw new Error('The transaction was rolled back: a statement in it had failed')
      return result
    } catch (error) {
      failure = await rollBack(client, error)
      throw error
    } finally {
      client.release(failure)
    }
  }

  /** A listener on a connection outside the pool. Whoever takes it starts it, and closes it before this. */
  listener(settings: Pick<ListenerSettings, 'channel' | 'isReady' | 'log'>): NotificationListener {
    return new NotificationListener({
      ...settings,
      connection: this.#connection,
      sendFromElsewhere: async (statement) => this.query(statement),
    })
  }

  /** Waits for what is running, then closes all connections. Idempotent. */
  async close(): Promise<void> {
    this.#closed ??= this.#pool.end()
    return this.#closed
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw explainDatabaseError(error)
    }
  }
}

function poolConfig({ connection, poolSize = 10 }: DatabaseSettings): PoolConfig {
  return {
    ...connection,
    max: poolSize,
    // One stays open, so that the first request after a pause does not wait for a new one.
    min: 1,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'latchkey',
  }
}

async function run<Row extends QueryResultRow>(
  client: PoolClient,
  query: string | NamedQuery,
  values?: readonly unknown[],
  patienceMs = statementTimeoutMs,
): Promise<QueryResult<Row>> {
  const { values: ownValues, ...statement } = typeof query === 'string' ? { text: query, values } : query
  const config: TimedQuery = { ...statement, query_timeout: patienceMs + answerDelayMs }
  if (ownValues) config.values = [...ownValues]
  try {
    return await client.query<Row>(config)
  } catch (error) {
    throw explainDatabaseError(error)
  }
}

// Returns the error with which the connection must be thrown away, if any.
async function rollBack(client: PoolClient, error: unknown): Promise<Error | undefined> {
  if (error instanceof DatabaseUnavailable) return error
  try {
    await run(client, 'rollback')
    return undefined
  } catch (failure) {
    return failure instanceof Error ? failure : new Error(String(failure))
  }
}

function ignore(): void {
  // Said elsewhere.
}
