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
 * Says whether a passkey may be seen without giving the password again: also soon after signing in, unlike what else wants
 * it, or everybody who registers would be asked twice. It knows no HTTP.
 */
export class PasskeyGuard {
  readonly #parts: PasskeyGuardParts
  readonly #seconds: number

  constructor(parts: PasskeyGuardParts) {
    this.#parts = parts
    this.#seconds = Math.max(parts.validitySeconds, leastSeconds)
  }

  /**
   * Whether the password was given a short time ago, again in this session or to sign in, in a browser that the account is
   * known in; see `SudoMode.isProved`.
   *
   * @throws DatabaseUnavailable
   */
  async mayShow(signedIn: SignedIn, deviceToken: string | null): Promise<boolean> {
    const { sudoMode, knownDevices, now } = this.#parts
    const { session } = signedIn
    const isFresh = now().getTime() - session.createdAt.getTime() <= this.#seconds * 1000
    return isFresh
      ? (await knownDevices.find(session.accountId, deviceToken)) !== null
      : sudoMode.isProved(signedIn, deviceToken)
  }
}
