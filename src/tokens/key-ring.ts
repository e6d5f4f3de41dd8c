import type { JWK } from 'jose'
import { DatabaseUnavailable } from '../database/database-unavailable.js'
import type { KeySchedule } from './key-schedule.js'
import type { KeySealer } from './key-sealer.js'
import type { SigningKeyKeeper } from './signing-key-keeper.js'
import type { SigningKey } from './signing-key.js'

/** So long a node may not know what another, or the operator, has done to the keys. */
const rereadAfterMs = 5_000

export type KeyRingParts = {
  signingKeyKeeper: SigningKeyKeeper
  keySchedule: KeySchedule
  keySealer: KeySealer
  now: () => Date
}

/** The keys as this node knows them: which one signs, and which are published. */
export class KeyRing {
  readonly #parts: KeyRingParts
  #keys: readonly SigningKey[] = []
  #readAt = -Infinity
  #reading: Promise<void> | null = null
  /** Opened, and the same object at each use: the library prepares it only once. */
  #opened: { kid: string; privateJwk: JWK } | null = null

  constructor(parts: KeyRingParts) {
    this.#parts = parts
  }

  /**
   * The key that signs now.
   *
   * @throws DatabaseUnavailable; SigningKeyProblem
   */
  async signer(): Promise<{ kid: string; privateJwk: JWK }> {
    const { keySchedule, keySealer, now } = this.#parts
    await this.#update()
    const key = keySchedule.signer(this.#keys, now())
    if (key === null) throw new Error('there is no signing key although one was just made')
    if (this.#opened?.kid !== key.kid) this.#opened = { kid: key.kid, privateJwk: keySealer.open(key) }
    return this.#opened
  }

  /**
   * The public keys that tokens of today may be signed by, or of tomorrow. While the database is away those that were
   * known last are told.
   *
   * @throws DatabaseUnavailable when none was known yet
   */
  async published(): Promise<JWK[]> {
    try {
      await this.#update()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || this.#keys.length === 0) throw error
    }
    const { keySchedule, now } = this.#parts
    return keySchedule.published(this.#keys, now()).map(({ publicJwk }) => publicJwk)
  }

  async #update(): Promise<void> {
    if (Math.abs(this.#parts.now().getTime() - this.#readAt) < rereadAfterMs) return
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null
    })
    await this.#reading
  }

  async #read(): Promise<void> {
    const at = this.#parts.now().getTime()
    this.#keys = await this.#parts.signingKeyKeeper.keepUp()
    this.#readAt = at
  }
}
