import type { SignedIn } from '../sign-in/door.js'
import type { SudoMode } from '../sudo-mode/sudo-mode.js'

/** Long enough to go to another service and come back; also where sudo mode asks every time, or nobody could. */
const leastSeconds = 600

/** Says whether somebody may link and unlink identities now: who has proved a short time ago that the account is theirs. */
export class LinkGuard {
  readonly #sudoMode: SudoMode
  readonly #seconds: number

  /** @param parts.validitySeconds how long a password counts in its session */
  constructor(parts: { sudoMode: SudoMode; validitySeconds: number }) {
    this.#sudoMode = parts.sudoMode
    this.#seconds = Math.max(parts.validitySeconds, leastSeconds)
  }

  /** @throws DatabaseUnavailable */
  async mayChange(signedIn: SignedIn, deviceToken: string | null): Promise<boolean> {
    return this.#sudoMode.isProved(signedIn, deviceToken, this.#seconds)
  }
}
