import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'

/** The tables `webauthn_secret`, which has one row, and `answered_challenges`. */
export class ChallengeStore {
  readonly #database: Queryable
  #secret: Promise<Buffer> | undefined

  constructor(database: Queryable) {
    this.#database = database
  }

  /** What the nodes of this service sign challenges with; read once. @throws DatabaseUnavailable */
  async readSecret(): Promise<Buffer> {
    this.#secret ??= this.#readSecret()
    try {
      return await this.#secret
    } catch (error) {
      this.#secret = undefined
      throw error
    }
  }

  /** @returns false when it was answered before; of parallel answers, on whatever nodes, one is the first */
  async noteAnswer(challenge: string, expiresAt: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'note answered challenge',
      text: `
        insert into answered_challenges (challenge_hash, expires_at)
        values ($1, $2)
        on conflict do nothing`,
      values: [hashToken(challenge), expiresAt],
    })
    return rowCount === 1
  }

  /** Forgets at most `limit` that could not be answered any more; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from answered_challenges
       where challenge_hash in (
         select challenge_hash from answered_challenges
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }

  async #readSecret(): Promise<Buffer> {
    const { rows } = await this.#database.query<{ secret: Buffer }>('select secret from webauthn_secret')
    const [row] = rows
    if (row === undefined) throw new Error('webauthn_secret holds no secret')
    return row.secret
  }
}
