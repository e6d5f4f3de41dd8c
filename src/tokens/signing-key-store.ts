import type { JWK } from 'jose'
import type { Queryable } from '../database/queryable.js'
import type { SigningKey } from './signing-key.js'

type KeyRow = {
  kid: string
  public_jwk: JWK
  private_jwk: Buffer
  is_sealed: boolean
  created_at: Date
  signs_from: Date
}

/** The table `signing_keys`. It knows no secret. */
export class SigningKeyStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Makes all others who would change keys wait until the end of the transaction; readers go on. */
  async lock(): Promise<void> {
    await this.#database.query('lock table signing_keys in share row exclusive mode')
  }

  /** All of them, the one that signs last first. */
  async list(): Promise<SigningKey[]> {
    const { rows } = await this.#database.query<KeyRow>({
      name: 'list signing keys',
      text: `
        select kid, public_jwk, private_jwk, is_sealed, created_at, signs_from
        from signing_keys
        order by signs_from desc, kid`,
    })
    return rows.map((row) => ({
      kid: row.kid,
      publicJwk: row.public_jwk,
      privateJwk: row.private_jwk,
      isSealed: row.is_sealed,
      createdAt: row.created_at,
      signsFrom: row.signs_from,
    }))
  }

  async add(key: SigningKey): Promise<void> {
    await this.#database.query(
      `insert into signing_keys (kid, public_jwk, private_jwk, is_sealed, created_at, signs_from)
       values ($1, $2, $3, $4, $5, $6)`,
      [key.kid, key.publicJwk, key.privateJwk, key.isSealed, key.createdAt, key.signsFrom],
    )
  }

  /** Keeps the private part of a key in another form. */
  async replacePrivateJwk({ kid, privateJwk, isSealed }: SigningKey): Promise<void> {
    await this.#database.query(
      `update signing_keys
       set private_jwk = $2, is_sealed = $3
       where kid = $1`,
      [kid, privateJwk, isSealed],
    )
  }

  async remove(kids: readonly string[]): Promise<void> {
    await this.#database.query('delete from signing_keys where kid = any($1)', [kids])
  }
}
