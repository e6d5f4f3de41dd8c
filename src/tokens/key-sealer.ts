import type { JWK } from 'jose'
import { OperatorSeal } from '../secrets/operator-seal.js'
import { SigningKeyProblem } from './signing-key-problem.js'
import type { SigningKey } from './signing-key.js'

type KeptKey = Pick<SigningKey, 'privateJwk' | 'isSealed'>

/** Seals private keys for the database, each for its id, and opens them. Without a secret they stay readable. */
export class KeySealer {
  readonly #seal: OperatorSeal

  /** @param secret 256 bits in base64url; null for none */
  constructor(secret: string | null) {
    this.#seal = new OperatorSeal(secret, 'signing key')
  }

  get seals(): boolean {
    return this.#seal.seals
  }

  seal(kid: string, privateJwk: Uint8Array): KeptKey {
    const { content, isSealed } = this.#seal.seal(privateJwk, kid)
    return { privateJwk: content, isSealed }
  }

  /** @throws SigningKeyProblem when it was sealed by another secret */
  open({ kid, privateJwk, isSealed }: Pick<SigningKey, 'kid'> & KeptKey): JWK {
    const bytes = this.#seal.open({ content: privateJwk, isSealed }, kid)
    if (bytes) {
      const jwk: JWK = JSON.parse(bytes.toString())
      return jwk
    }
    const reason = this.seals
      ? 'are sealed by another secret than that of SIGNING_KEY_SECRET'
      : 'are sealed, and SIGNING_KEY_SECRET is not set'
    throw new SigningKeyProblem(
      `The keys in the database that sign access tokens ${reason}. Set the secret that they were sealed by. If it is ` +
        'lost, set a new one and run "latchkey keys rotate --now"; access tokens that are out then count for nothing.',
    )
  }
}
