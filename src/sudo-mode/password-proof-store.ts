import type { Queryable } from '../database/queryable.js'

/** The table `password_proofs`: a row for each session in which the password, or what stands for it, was asked for again and given. */
export class PasswordProofStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Notes a proof; nothing when the session has ended meanwhile.
   *
   * @param isFull whether a second step belonged to it, or nothing weaker
   */
  async note(sessionId: string, provedAt: Date, isFull: boolean): Promise<void> {
    await this.#database.query({
      name: 'note password proof',
      // Locked, so that it does not end between the look and the write.
      text: `
        insert into password_proofs (session_id, proved_at, is_full)
        select id, $2, $3
        from sessions
        where id = $1
        for key share
        on conflict (session_id) do update
        set proved_at = excluded.proved_at,
            is_full = excluded.is_full`,
      values: [sessionId, provedAt, isFull],
    })
  }

  /**
   * Whether there is a proof from after `since` for whoever holds this token. One that was renewed by the proof may still
   * be remembered as that of the session, by this node for a moment and by others until they hear of it.
   *
   * @param isFullNeeded whether a password alone is none
   */
  async has(sessionId: string, tokenHash: Buffer, since: Date, isFullNeeded: boolean): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'find password proof',
      text: `
        select
        from password_proofs
        join sessions on sessions.id = session_id
        where session_id = $1
          and token_hash = $2
          and proved_at > $3
          and (is_full or not $4)`,
      values: [sessionId, tokenHash, since, isFullNeeded],
    })
    return rowCount === 1
  }
}
