import type { KnownDevices } from '../attempts/known-devices.js'
import type { SignedIn } from '../sign-in/door.js'
import type { SudoMode } from '../sudo-mode/sudo-mode.js'

/** Long enough to register, find a pen and reload; also where sudo mode asks every time, or nobody would ever see it. */
const leastSeconds = 600

export type PasskeyGuardParts = {
  sudoMode: SudoMode
  knownDevices: KnownDevices
  /** How long a password counts in its session. */
  validitySeconds: number
  now: () => Date
}

/**
 * Says whether a passkey may be seen without giving the password. The cookie of a session is not enough: apps on the same
 * domain see it, and whoever has the passkey can take the account over for good. It knows no HTTP.
 */
export class PasskeyGuard {
  readonly #parts: PasskeyGuardParts
  readonly #seconds: number

  constructor(parts: PasskeyGuardParts) {
    this.#parts = parts
    this.#seconds = Math.max(parts.validitySeconds, leastSeconds)
  }

  /**
   * Whether the password was given a short time ago: again in this session, or to sign in, in a browser that the account
   * is known in. What makes it known is a cookie that no app sees.
   *
   * @throws DatabaseUnavailable
   */
  async mayShow(signedIn: SignedIn, deviceToken: string | null): Promise<boolean> {
    const { sudoMode, knownDevices, now } = this.#parts
    const { session } = signedIn
    const isFresh = now().getTime() - session.createdAt.getTime() <= this.#seconds * 1000
    if (isFresh && (await knownDevices.find(session.accountId, deviceToken)) !== null) return true
    return sudoMode.isProved(signedIn, this.#seconds)
  }
}
