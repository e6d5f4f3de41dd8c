import type { Queryable } from '../database/queryable.js'

/** The table `password_proofs`: a row for each session in which the password was asked for again and given. */
export class PasswordProofStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Notes a proof; nothing when the session has ended meanwhile. */
  async note(sessionId: string, provedAt: Date): Promise<void> {
    await this.#database.query({
      name: 'note password proof',
      // Locked, so that it does not end between the look and the write.
      text: `
        insert into password_proofs (session_id, proved_at)
        select id, $2
        from sessions
        where id = $1
        for key share
        on conflict (session_id) do update
        set proved_at = excluded.proved_at`,
      values: [sessionId, provedAt],
    })
  }

  /** Whether there is a proof from after `since`. */
  async has(sessionId: string, since: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'find password proof',
      text: `
        select
        from password_proofs
        where session_id = $1
          and proved_at > $2`,
      values: [sessionId, since],
    })
    return rowCount === 1
  }
}
