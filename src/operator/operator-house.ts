import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Database, type DatabaseConnection } from '../database/database.js'
import { openEmbeddedPostgres } from '../database/embedded-postgres.js'
import { isMigrated } from '../database/is-migrated.js'
import { readMigrations } from '../database/read-migrations.js'
import { projectFolder } from '../project-folder.js'
import type { Argon2Parameters } from '../secrets/argon2-parameters.js'
import type { OriginPattern } from '../sibling-apps/origin-pattern.js'
import type { TokenRules } from '../tokens/token-rules.js'
import { OperatorProblem } from './operator-problem.js'

const silent = { warn: () => undefined }

/** What the commands need of the service's settings. */
export type OperatorSettings = {
  serviceName: string
  host: string
  port: number
  publicOrigin: string | null
  cookieDomain: string | null
  trustedProxies: readonly string[]
  allowedRedirectOrigins: readonly OriginPattern[]
  database: { url: string | null; folder: string }
  tokens: TokenRules
  recovery: { resetCodeValiditySeconds: number }
  passwords: { minimumLength: number; hashing: Argon2Parameters }
}

/** The settings and the database of the service, as a command finds them. It changes no table; only the service does. */
export class OperatorHouse {
  readonly #read: () => OperatorSettings
  #settings: OperatorSettings | undefined

  /** @param readSettings is called when a command first needs a setting: help needs none */
  constructor(readSettings: () => OperatorSettings) {
    this.#read = readSettings
  }

  /** @throws what `readSettings` throws */
  get settings(): OperatorSettings {
    this.#settings ??= this.#read()
    return this.#settings
  }

  /**
   * Opens the database for as long as `work` takes; an embedded Postgres that the service runs is joined.
   *
   * @throws OperatorProblem, EmbeddedPostgresError, DatabaseUnavailable, and whatever `work` throws
   */
  async withDatabase<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
    const { connection, close } = await this.#connect()
    const database = new Database({ connection, poolSize: 2, log: silent })
    try {
      if (!(await isMigrated(database, await readMigrations(join(projectFolder, 'migrations'))))) {
        throw new OperatorProblem(
          'The tables of this database are not yet those of this release. Start the service once, which brings them ' +
            'up to date, then try again.',
        )
      }
      return await work(database)
    } finally {
      await database.close()
      await close()
    }
  }

  async #connect(): Promise<{ connection: DatabaseConnection; close: () => Promise<void> }> {
    const { url, folder } = this.settings.database
    if (url !== null) return { connection: { connectionString: url }, close: async () => undefined }
    // Opening would make a new one, in which the operator would look for the accounts of the other in vain.
    if (!existsSync(join(folder, 'postgres'))) {
      throw new OperatorProblem(
        `There is no database in ${folder}. Set DATABASE_URL or DATA_FOLDER as the service has them, or start the ` +
          'service once, which makes one.',
      )
    }
    return openEmbeddedPostgres(folder)
  }
}
