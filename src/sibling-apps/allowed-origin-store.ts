import type { Queryable } from '../database/queryable.js'

/** `origin` is the `source` of an `OriginPattern`, the one form in which each is written. */
export type AllowedOrigin = { origin: string; createdAt: Date }

/** The table `allowed_origins`. It knows nothing of those of the setting. */
export class AllowedOriginStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** All of them, by name. */
  async list(): Promise<AllowedOrigin[]> {
    const { rows } = await this.#database.query<{ origin: string; created_at: Date }>({
      name: 'list allowed origins',
      text: `
        select origin, created_at
        from allowed_origins
        order by origin`,
    })
    return rows.map((row) => ({ origin: row.origin, createdAt: row.created_at }))
  }

  /** Says whether it was new. */
  async add(origin: string, createdAt: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `insert into allowed_origins (origin, created_at)
       values ($1, $2)
       on conflict do nothing`,
      [origin, createdAt],
    )
    return rowCount === 1
  }

  /** Says whether it was there. */
  async remove(origin: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `delete from allowed_origins
       where origin = $1`,
      [origin],
    )
    return rowCount === 1
  }
}
