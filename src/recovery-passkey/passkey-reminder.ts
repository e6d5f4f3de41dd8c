import type { SignedIn } from '../sign-in/door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { SignInDetour } from '../sign-in/sign-in-detour.js'
import type { RecoveryPasskeyKeeper } from './recovery-passkey-keeper.js'

/** Has people see and save their recovery passkey before they go on, wherever one is due. */
export class PasskeyReminder {
  readonly #keeper: RecoveryPasskeyKeeper

  constructor(recoveryPasskeyKeeper: RecoveryPasskeyKeeper) {
    this.#keeper = recoveryPasskeyKeeper
  }

  /**
   * Where to send a browser before it sees one of Latchkey's own pages; null when no passkey is due.
   *
   * @param returnPath of that page, with its query
   */
  async detour({ session }: SignedIn, returnPath: string): Promise<string | null> {
    return this.#detourOf(session.accountId, returnPath)
  }

  /** For whoever has just signed in and is to see a passkey even before an app. */
  readonly detourAtSignIn: SignInDetour = async (account, address) => this.#detourOf(account.id, address)

  async #detourOf(accountId: string, address: string): Promise<string | null> {
    return (await this.#keeper.isDue(accountId)) ? signInAddress('/recovery-passkey', address) : null
  }
}
