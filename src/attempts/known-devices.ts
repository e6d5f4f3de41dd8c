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

  /** @returns the token by which the browser is known from now on */
  async remember(accountId: string, deviceToken: string | null): Promise<string> {
    const { knownDeviceStore, now } = this.#parts
    // A token that is known stays: the answer that brings a new one may be lost, and its owner would be a stranger.
    if (deviceToken !== null && (await knownDeviceStore.note(accountId, hashToken(deviceToken), now())))
      return deviceToken
    const token = createRandomToken()
    await knownDeviceStore.add(accountId, hashToken(token), now())
    return token
  }
}
