import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { createApp } from './app.js'
import type { Config } from './config.js'
import { explainRefusal } from './database/database-refused.js'
import { DatabaseUnavailable } from './database/database-unavailable.js'
import { Database } from './database/database.js'
import { openEmbeddedPostgres } from './database/embedded-postgres.js'
import { isMigrated } from './database/is-migrated.js'
import { migrate } from './database/migrate.js'
import { readMigrations } from './database/read-migrations.js'
import { projectFolder } from './project-folder.js'
import { openSigningKeys } from './tokens/open-signing-keys.js'

const retryMs = 500

export type Service = {
  /** Where a person opens it. */
  address: string
  /**
   * Resolves when the tables are those of this release and the signing keys can be used; rejects with MigrationError,
   * DatabaseRefused or SigningKeyProblem when that cannot be.
   */
  prepared: Promise<void>
  /** Finishes requests in flight, within `SHUTDOWN_TIMEOUT_SECONDS`, then closes everything. */
  stop: () => Promise<void>
}

/**
 * Starts the web process: database, rooms, port. A database that is away is waited for while pages say 503.
 *
 * @throws EmbeddedPostgresError, or Node's error of `listen`
 */
export async function startService(config: Config, logger: FastifyBaseLogger): Promise<Service> {
  const { database, close } = await openDatabase(config.database, logger)
  const migrations = await readMigrations(join(projectFolder, 'migrations'))
  const app = await createApp({ config, database, logger, isReady: () => isMigrated(database, migrations) })
  const leaving = new AbortController()
  const { signingKeyKeeper } = openSigningKeys(database, config.tokens)
  const prepare = async () => {
    await migrate(database, migrations)
    await signingKeyKeeper.prepare()
  }
  const advice =
    config.database.url === null ? 'Its log is postgres.log in the data folder.' : 'Is DATABASE_URL right?'
  const prepared = whenPossible(prepare, advice, logger, leaving.signal)
  // Awaited by the caller, a little later; until then a failure is not one that nobody handles.
  prepared.catch(() => undefined)
  const stop = async () => {
    leaving.abort()
    await closeWithin(app, config.limits.shutdownSeconds)
    await prepared.catch(() => undefined)
    await close()
  }

  try {
    await app.listen({
      host: config.host,
      port: config.port,
      listenTextResolver: (at) => `listening on ${at}`,
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { address: config.publicOrigin ?? localAddress(app, config.host), prepared, stop }
}

async function openDatabase({ url, folder, poolSize }: Config['database'], log: FastifyBaseLogger) {
  if (url !== null) {
    const database = new Database({ connection: { connectionString: url }, poolSize, log })
    return { database, close: () => database.close() }
  }
  const embedded = await openEmbeddedPostgres(folder)
  const database = new Database({ connection: embedded.connection, poolSize, log })
  const close = async () => {
    await database.close()
    await embedded.close()
  }
  return { database, close }
}

async function whenPossible(
  work: () => Promise<void>,
  advice: string,
  logger: FastifyBaseLogger,
  leaving: AbortSignal,
) {
  let hasWarned = false
  while (!leaving.aborted) {
    try {
      await work()
      return
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw explainRefusal(error)
      if (!hasWarned)
        logger.warn(`the database cannot be reached; trying until it can. ${advice} ${error.message}`)
      hasWarned = true
      await delay(retryMs)
    }
  }
}

async function closeWithin(app: FastifyInstance, seconds: number): Promise<void> {
  // A request in flight leaves a connection that is kept alive, which nobody would close for a minute.
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50)
  const patience = setTimeout(() => app.server.closeAllConnections(), seconds * 1000)
  await app.close()
  clearInterval(sweep)
  clearTimeout(patience)
}

function localAddress(app: FastifyInstance, host: string): string {
  const bound = app.server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const name = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
