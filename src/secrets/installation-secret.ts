import { hkdfSync } from 'node:crypto'
import type { Queryable } from '../database/queryable.js'

/** The table `installation_secret`, which has one row: what the nodes of one service share and nobody else knows. */
export class InstallationSecret {
  readonly #database: Queryable
  #secret: Promise<Buffer> | undefined

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * A key for one use, the same on all nodes: HKDF-SHA-256 (RFC 5869). From it neither the secret nor another key can be told.
   *
   * @param use as its `info`: the room and what it does with the key, such as "captcha challenge"
   * @returns 32 bytes
   * @throws DatabaseUnavailable
   */
  async deriveKey(use: string): Promise<Buffer> {
    return Buffer.from(hkdfSync('sha256', await this.#find(), '', `latchkey ${use}`, 32))
  }

  /** Read once; anew when that failed. */
  async #find(): Promise<Buffer> {
    this.#secret ??= this.#read()
    try {
      return await this.#secret
    } catch (error) {
      this.#secret = undefined
      throw error
    }
  }

  async #read(): Promise<Buffer> {
    const { rows } = await this.#database.query<{ secret: Buffer }>('select secret from installation_secret')
    const [row] = rows
    if (row === undefined) throw new Error('installation_secret holds no secret')
    return row.secret
  }
}
