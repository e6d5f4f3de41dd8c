import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config.js'
import type { Database } from '../database/database.js'
import type { View } from '../http/view.js'

/** What the service is built from. */
export type AppParts = {
  config: Config
  database: Database
  logger: FastifyBaseLogger
  /** Whether the database is reachable and its tables are those of this release. */
  isReady: () => Promise<boolean>
  now?: () => Date
}

/** What every floor is built from. */
export type Site = Required<AppParts> & { view: View }
