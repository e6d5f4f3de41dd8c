import { createRandomToken } from '../secrets/create-random-token.js'
import { hashToken } from '../secrets/hash-token.js'
import type { KnownDeviceStore } from './known-device-store.js'

type VersionedAccount = { id: string; passwordVersion: number }

export type KnownDevicesParts = {
  knownDeviceStore: KnownDeviceStore
  /** How long a browser stays known after its last good sign-in. */
  limits: { knownDeviceSeconds: number }
  now: () => Date
}

/** Which browsers an account has signed in on. */
export class KnownDevices {
  readonly #parts: KnownDevicesParts

  constructor(parts: KnownDevicesParts) {
    this.#parts = parts
  }

  /** @returns what stays the same for this account on this browser; null when it is a stranger to the account */
  async find(accountId: string | null, deviceToken: string | null): Promise<string | null> {
    if (deviceToken === null) return null
    // Looked for also when nobody has the name: otherwise the time would tell.
    return this.#parts.knownDeviceStore.find(accountId, hashToken(deviceToken), this.#knownSince())
  }

  /** Whether this account asks for nothing but the password on this browser, by its owner's wish. */
  async isTrusted({ id, passwordVersion }: VersionedAccount, deviceToken: string | null): Promise<boolean> {
    if (deviceToken === null) return false
    const { knownDeviceStore, now } = this.#parts
    const times = { since: this.#knownSince(), now: now() }
    return knownDeviceStore.isTrusted(id, hashToken(deviceToken), passwordVersion, times)
  }

  /** @param deviceToken of a browser that is known to this account */
  async trust(
    { id, passwordVersion }: VersionedAccount,
    deviceToken: string,
    seconds: number,
  ): Promise<void> {
    const { knownDeviceStore, now } = this.#parts
    const until = new Date(now().getTime() + seconds * 1000)
    await knownDeviceStore.trust(id, hashToken(deviceToken), passwordVersion, until)
  }

  /**
   * A token that this account is known by stays: the answer that brings a new one may be lost, and its owner would be a
   * stranger. Any other is replaced: on plain http somebody else may have put it there, to guess as a known device.
   *
   * @returns the token by which the browser is known from now on
   */
  async remember(accountId: string, heldToken: string | null): Promise<string> {
    const { knownDeviceStore, now } = this.#parts
    const heldHash = heldToken === null ? null : hashToken(heldToken)
    const newToken = createRandomToken()
    const stays = await knownDeviceStore.remember(accountId, heldHash, hashToken(newToken), now())
    return heldToken !== null && stays ? heldToken : newToken
  }

  #knownSince(): Date {
    const { limits, now } = this.#parts
    return new Date(now().getTime() - limits.knownDeviceSeconds * 1000)
  }
}
