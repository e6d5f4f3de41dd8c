import type { JWK } from 'jose'
import { SealedBox } from '../secrets/sealed-box.js'
import { SigningKeyProblem } from './signing-key-problem.js'
import type { SigningKey } from './signing-key.js'

type KeptKey = Pick<SigningKey, 'privateJwk' | 'isSealed'>

/** Seals private keys for the database, each for its id, and opens them. Without a secret they stay readable. */
export class KeySealer {
  readonly #box: SealedBox | null

  /** @param secret 256 bits in base64url; null for none */
  constructor(secret: string | null) {
    this.#box = secret === null ? null : new SealedBox(secret, 'signing key')
  }

  get seals(): boolean {
    return this.#box !== null
  }

  seal(kid: string, privateJwk: Uint8Array): KeptKey {
    return this.#box === null
      ? { privateJwk: Buffer.from(privateJwk), isSealed: false }
      : { privateJwk: this.#box.seal(privateJwk, kid), isSealed: true }
  }

  /** @throws SigningKeyProblem when it was sealed by another secret */
  open({ kid, privateJwk, isSealed }: Pick<SigningKey, 'kid'> & KeptKey): JWK {
    const bytes = isSealed ? this.#box?.open(privateJwk, kid) : privateJwk
    if (bytes) {
      const jwk: JWK = JSON.parse(bytes.toString())
      return jwk
    }
    const reason =
      this.#box === null
        ? 'are sealed, and SIGNING_KEY_SECRET is not set'
        : 'are sealed by another secret than that of SIGNING_KEY_SECRET'
    throw new SigningKeyProblem(
      `The keys in the database that sign access tokens ${reason}. Set the secret that they were sealed by. If it is ` +
        'lost, "latchkey keys rotate --now" makes a new key; access tokens that are out then count for nothing.',
    )
  }
}
