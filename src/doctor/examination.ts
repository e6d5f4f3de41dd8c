import type { Sighting } from './sighting.js'

/** The client address, host and name that the doctor forges; the address is one kept for documentation (RFC 5737). */
export const forged = { address: '203.0.113.77', host: 'forged.example', name: 'latchkey-doctor' } as const

/** All that the judges judge by: one plain request and one with forged headers, both to the public address. */
export type Examination = {
  url: URL
  plain: Sighting
  forgery: Sighting
  /** Whether the service saw the very connection that the doctor opened: there is no proxy. */
  isDirect: boolean
  /** Addresses of the machine that the doctor runs on. */
  ownAddresses: readonly string[]
  /** Whether `Strict-Transport-Security` came back. */
  hasHsts: boolean
  /** TRUSTED_PROXIES as the command reads it, which may be other than the service's. */
  commandTrustedProxies: readonly string[]
}

/** The values of a header in the order in which they came, lists with commas taken apart. */
export function valuesOf(sighting: Sighting, name: string): string[] {
  return sighting.headers
    .filter(([each]) => each === name)
    .flatMap(([, value]) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

/** What the last proxy says, which is what counts; null when it says nothing. */
export function lastOf(sighting: Sighting, name: string): string | null {
  return valuesOf(sighting, name).at(-1) ?? null
}
