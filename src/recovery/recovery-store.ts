import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'
import type { ProofMethod } from './recovery-method.js'

/** Somebody on the way back into an account, known by a token that only their browser has. */
export type Recovery = {
  id: string
  token: string
  /** Null for a name that nobody has. */
  accountId: string | null
  /** SHA-256 of the name in its canonical form. */
  nameHash: Buffer
  expiresAt: Date
  /** How the account was proved to be theirs; null until it is. */
  provedBy: ProofMethod | null
  /** That of the password which may be replaced: the one that was current at the proof. */
  passwordVersion: number | null
  /** See `GivenAnswers`; null until there are any, and from the proof on. */
  sealedAnswers: Buffer | null
}

export type NewRecovery = Pick<Recovery, 'token' | 'accountId' | 'nameHash' | 'expiresAt'> & {
  startedAt: Date
}

type Row = {
  id: string
  account_id: string | null
  name_hash: Buffer
  expires_at: Date
  proved_by: ProofMethod | null
  password_version: number | null
  sealed_answers: Buffer | null
}

const columns = 'id, account_id, name_hash, expires_at, proved_by, password_version, sealed_answers'

/** The table `recoveries`. Of a token it keeps the SHA-256 alone. */
export class RecoveryStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Begins one; for an account that was removed a moment ago as for a name that nobody has. */
  async add(recovery: NewRecovery): Promise<Recovery> {
    const { rows } = await this.#database.query<Row>({
      name: 'add recovery',
      text: `
        insert into recoveries (token_hash, account_id, name_hash, started_at, expires_at)
        values ($1, (select id from accounts where id = $2 for key share), $3, $4, $5)
        returning ${columns}`,
      values: [
        hashToken(recovery.token),
        recovery.accountId,
        recovery.nameHash,
        recovery.startedAt,
        recovery.expiresAt,
      ],
    })
    const [row] = rows
    if (row === undefined) throw new Error('no recovery was added')
    return toRecovery(row, recovery.token)
  }

  async find(token: string, now: Date): Promise<Recovery | null> {
    const { rows } = await this.#database.query<Row>({
      name: 'find recovery',
      text: `
        select ${columns}
        from recoveries
        where token_hash = $1
          and expires_at > $2`,
      values: [hashToken(token), now],
    })
    return rows[0] ? toRecovery(rows[0], token) : null
  }

  /**
   * Notes the proof and gives the recovery another token, in one statement: of parallel proofs one counts.
   *
   * @param newToken may set a new password until `expiresAt`
   * @returns null when it was proved already, or is over
   */
  async prove(
    token: string,
    proof: { provedBy: ProofMethod; newToken: string; now: Date; expiresAt: Date },
  ): Promise<Recovery | null> {
    const { rows } = await this.#database.query<Row>({
      name: 'prove recovery',
      text: `
        update recoveries
        set token_hash = $2,
            proved_by = $3,
            password_version = accounts.password_version,
            sealed_answers = null,
            expires_at = $5
        from accounts
        where recoveries.token_hash = $1
          and recoveries.proved_by is null
          and recoveries.expires_at > $4
          and accounts.id = recoveries.account_id
        returning recoveries.id, account_id, name_hash, expires_at, proved_by, recoveries.password_version,
          sealed_answers`,
      values: [hashToken(token), hashToken(proof.newToken), proof.provedBy, proof.now, proof.expiresAt],
    })
    return rows[0] ? toRecovery(rows[0], proof.newToken) : null
  }

  /** Keeps answers with one that is still to be proved; null forgets them. */
  async keepAnswers(id: string, sealed: Buffer | null): Promise<void> {
    await this.#database.query({
      name: 'keep answers of recovery',
      text: `
        update recoveries
        set sealed_answers = $2
        where id = $1
          and proved_by is null`,
      values: [id, sealed],
    })
  }

  /** Uses up a proved one; returns false when it is over, or was ended meanwhile. */
  async useUp(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `delete from recoveries
       where id = $1
         and proved_by is not null`,
      [id],
    )
    return rowCount === 1
  }

  async endAllOf(accountId: string): Promise<void> {
    await this.#database.query(
      `delete from recoveries
       where account_id = $1`,
      [accountId],
    )
  }

  /** Forgets at most `limit` recoveries that are over; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from recoveries
       where id in (
         select id from recoveries
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}

function toRecovery(row: Row, token: string): Recovery {
  return {
    id: row.id,
    token,
    accountId: row.account_id,
    nameHash: row.name_hash,
    expiresAt: row.expires_at,
    provedBy: row.proved_by,
    passwordVersion: row.password_version,
    sealedAnswers: row.sealed_answers,
  }
}
