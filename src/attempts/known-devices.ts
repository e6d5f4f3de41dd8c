import { createRandomToken } from '../secrets/create-random-token.js'
import { hashToken } from '../secrets/hash-token.js'
import type { KnownDeviceStore } from './known-device-store.js'

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
    const { knownDeviceStore, limits, now } = this.#parts
    const since = new Date(now().getTime() - limits.knownDeviceSeconds * 1000)
    return knownDeviceStore.find(accountId, hashToken(deviceToken), since)
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
}
