import type { Database } from '../database/database.js'
import { createSigningKey } from './create-signing-key.js'
import type { KeySchedule } from './key-schedule.js'
import type { KeySealer } from './key-sealer.js'
import { SigningKeyStore } from './signing-key-store.js'
import { SigningKeyProblem } from './signing-key-problem.js'
import type { SigningKey } from './signing-key.js'

const wouldBeOpen =
  'The present keys are sealed and SIGNING_KEY_SECRET is not set, so the new one would lie open in the database. Set the ' +
  'secret, or a new one if it is lost, and try again.'

export type SigningKeyKeeperParts = {
  database: Database
  keySchedule: KeySchedule
  keySealer: KeySealer
  now: () => Date
}

/**
 * The life of signing keys, from the first start on: made, published, signing, published only, gone. The database holds
 * them for all nodes; of several that find something due one does it.
 */
export class SigningKeyKeeper {
  readonly #parts: SigningKeyKeeperParts

  constructor(parts: SigningKeyKeeperParts) {
    this.#parts = parts
  }

  /**
   * Seals what is not sealed yet if there is a secret, and makes sure that every key can be used.
   *
   * @throws SigningKeyProblem when one cannot; DatabaseUnavailable
   */
  async prepare(): Promise<void> {
    const { keySealer } = this.#parts
    const keys = await this.keepUp()
    for (const key of keys) keySealer.open(key)
    if (!keySealer.seals || keys.every(({ isSealed }) => isSealed)) return
    await this.#change(async (store, present) => {
      for (const key of present.filter(({ isSealed }) => !isSealed)) {
        await store.replacePrivateJwk({ ...key, ...keySealer.seal(key.kid, key.privateJwk) })
      }
    })
  }

  /**
   * Does what is due: makes the first key or the next one, forgets those that are over.
   *
   * @returns all keys, the newest first
   * @throws DatabaseUnavailable
   */
  async keepUp(): Promise<SigningKey[]> {
    const keys = await new SigningKeyStore(this.#parts.database).list()
    if (!this.#isSomethingDue(keys)) return keys
    return this.#change(async (store, present) => {
      const { keySchedule, now } = this.#parts
      const start = keySchedule.nextStart(present, now())
      if (start !== null) await this.#add(store, start)
      const published = keySchedule.published(present, now())
      await store.remove(present.filter((key) => !published.includes(key)).map(({ kid }) => kid))
    })
  }

  /**
   * Makes the key that is to sign next; null, and nothing is made, when there is one already.
   *
   * @throws SigningKeyProblem when the present ones are sealed by another secret: the next one would be, too;
   *   DatabaseUnavailable
   */
  async rotate(): Promise<SigningKey | null> {
    const { keySchedule, keySealer, now } = this.#parts
    let isMade = false
    const [newest] = await this.#change(async (store, present) => {
      for (const key of present) keySealer.open(key)
      const isWaiting = present.some(({ signsFrom }) => signsFrom > now())
      if (isWaiting) return
      await this.#add(store, present.length === 0 ? now() : keySchedule.startAfterPublication(now()))
      isMade = true
    })
    return isMade && newest !== undefined ? newest : null
  }

  /**
   * Has a new key sign from now on and forgets all others: what they have signed counts no more wherever that is known.
   *
   * @throws SigningKeyProblem when those are sealed and the new one would not be; DatabaseUnavailable
   */
  async replaceAll(): Promise<void> {
    const { keySealer } = this.#parts
    await this.#change(async (store, present) => {
      if (!keySealer.seals && present.some(({ isSealed }) => isSealed))
        throw new SigningKeyProblem(wouldBeOpen)
      await store.remove(present.map(({ kid }) => kid))
      await this.#add(store, this.#parts.now())
    })
  }

  #isSomethingDue(keys: readonly SigningKey[]): boolean {
    const { keySchedule, now } = this.#parts
    return (
      keySchedule.nextStart(keys, now()) !== null || keySchedule.published(keys, now()).length < keys.length
    )
  }

  /** Under the lock it is looked again, since another node may have done it. */
  async #change(
    work: (store: SigningKeyStore, present: SigningKey[]) => Promise<void>,
  ): Promise<SigningKey[]> {
    return this.#parts.database.transaction(async (client) => {
      const store = new SigningKeyStore(client)
      await store.lock()
      await work(store, await store.list())
      return store.list()
    })
  }

  async #add(store: SigningKeyStore, signsFrom: Date): Promise<void> {
    const { keySealer, now } = this.#parts
    const { kid, publicJwk, privateJwk } = await createSigningKey()
    const kept = keySealer.seal(kid, Buffer.from(JSON.stringify(privateJwk)))
    await store.add({ kid, publicJwk, ...kept, createdAt: now(), signsFrom })
  }
}
