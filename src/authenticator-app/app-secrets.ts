import { randomBytes } from 'node:crypto'
import { OperatorSeal, type Kept } from '../secrets/operator-seal.js'

/** As long as the hash: RFC 4226, section 4, requirement 6. */
const secretBytes = 20

/** The secrets that apps make codes of, each as the database keeps it for its account. */
export class AppSecrets {
  readonly #seal: OperatorSeal

  /** @param secret by which they are sealed, 256 bits in base64url; null for none */
  constructor(secret: string | null) {
    this.#seal = new OperatorSeal(secret, 'authenticator app')
  }

  /** A new one. */
  create(accountId: string): Kept {
    return this.#seal.seal(randomBytes(secretBytes), accountId)
  }

  /** @throws Error when it was sealed by another secret: what cannot be compared lets nobody in */
  open(kept: Kept, accountId: string): Buffer {
    const secret = this.#seal.open(kept, accountId)
    if (secret !== null) return secret
    throw new Error(
      'the secret of an authenticator app was sealed by another SIGNING_KEY_SECRET than is set now; if that is lost, ' +
        'recovery codes and "latchkey accounts remove-second-factor" are the ways in',
    )
  }
}
