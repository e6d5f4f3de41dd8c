import { hash } from 'node:crypto'
import type { Queryable } from '../database/queryable.js'

/** The tables `captcha_secret`, which has one row, and `used_captchas`: a row for each solution that was tried. */
export class CaptchaStore {
  readonly #database: Queryable
  #secret: string | undefined

  constructor(database: Queryable) {
    this.#database = database
  }

  /** What this installation signs and seals with; read once. @returns 32 bytes in base64url */
  async readSecret(): Promise<string> {
    if (this.#secret === undefined) {
      const { rows } = await this.#database.query<{ secret: Buffer }>('select secret from captcha_secret')
      this.#secret = rows[0]?.secret.toString('base64url')
    }
    if (this.#secret === undefined) throw new Error('captcha_secret holds no secret')
    return this.#secret
  }

  /**
   * Uses a solution up. One statement: of many at once, on whatever nodes, one is the first.
   *
   * @param what is the same for every copy of it
   * @param expiresAt from when it is good for nothing anyway
   * @returns false when it was used before
   */
  async use(what: string, expiresAt: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'use captcha',
      text: `
        insert into used_captchas (id, expires_at)
        values ($1, $2)
        on conflict do nothing`,
      values: [hash('sha256', what, 'buffer'), expiresAt],
    })
    return rowCount === 1
  }

  /** Forgets at most `limit` solutions that have expired; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from used_captchas
       where id in (
         select id from used_captchas
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
