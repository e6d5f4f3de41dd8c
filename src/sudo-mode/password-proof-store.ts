import type { Queryable } from '../database/queryable.js'

export type Proof = {
  /** SHA-256 of what the browser is known by in which it was shown. */ deviceHash: Buffer
  provedAt: Date
  /** Whether a second step belonged to it, or nothing weaker. */ isFull: boolean
}

/** SHA-256 of what a browser holds. */
export type ProofHolder = { sessionId: string; tokenHash: Buffer; deviceHash: Buffer }

/** The table `password_proofs`: a row for each session in which the password, or what stands for it, was asked for again and given. */
export class PasswordProofStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Notes a proof; nothing when the session has ended meanwhile. */
  async note(sessionId: string, { deviceHash, provedAt, isFull }: Proof): Promise<void> {
    await this.#database.query({
      name: 'note password proof',
      // Locked, so that it does not end between the look and the write.
      text: `
        insert into password_proofs (session_id, device_hash, proved_at, is_full)
        select id, $2, $3, $4
        from sessions
        where id = $1
        for key share
        on conflict (session_id) do update
        set device_hash = excluded.device_hash,
            proved_at = excluded.proved_at,
            is_full = excluded.is_full`,
      values: [sessionId, deviceHash, provedAt, isFull],
    })
  }

  /**
   * Whether there is a proof from after `since` for whoever holds these tokens. One of the session that was renewed by the
   * proof may still be remembered as that of the session, by this node for a moment and by others until they hear of it.
   *
   * @param isFullNeeded whether a password alone is none
   */
  async has(
    { sessionId, tokenHash, deviceHash }: ProofHolder,
    since: Date,
    isFullNeeded: boolean,
  ): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'find password proof',
      text: `
        select
        from password_proofs
        join sessions on sessions.id = session_id
        where session_id = $1
          and token_hash = $2
          and device_hash = $3
          and proved_at > $4
          and (is_full or not $5)`,
      values: [sessionId, tokenHash, deviceHash, since, isFullNeeded],
    })
    return rowCount === 1
  }
}
