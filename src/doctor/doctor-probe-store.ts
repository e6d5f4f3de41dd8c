import type { Queryable } from '../database/queryable.js'

const validitySeconds = 60

/**
 * The table `doctor_probes`. Here the database's clock counts, made and used alike: the clocks of the nodes are among
 * the things that the doctor looks at.
 */
export class DoctorProbeStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Makes probes valid for 60 seconds, one use each, and forgets those that nobody has used. */
  async add(tokenHashes: readonly Buffer[]): Promise<void> {
    await this.#database.query(
      `with forgotten as (
         delete from doctor_probes
         where expires_at <= now()
       )
       insert into doctor_probes (token_hash, expires_at)
       select token_hash, now() + make_interval(secs => $2)
       from unnest($1::bytea[]) as probe (token_hash)`,
      [tokenHashes, validitySeconds],
    )
  }

  /** Uses a probe up. The time of the database if it was valid, else null. */
  async use(tokenHash: Buffer): Promise<Date | null> {
    const { rows } = await this.#database.query<{ time: Date }>(
      `with used as (
         delete from doctor_probes
         where token_hash = $1
         returning expires_at
       )
       select clock_timestamp() as time
       from used
       where expires_at > now()`,
      [tokenHash],
    )
    return rows[0]?.time ?? null
  }
}
