import type { AccountStore } from '../accounts/account-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { SudoMode } from './sudo-mode.js'

/** Has people who have no password show otherwise that it is them, before a form that would ask for one. */
export class ProofDetour {
  readonly #parts: { accountStore: AccountStore; sudoMode: SudoMode }

  constructor(parts: { accountStore: AccountStore; sudoMode: SudoMode }) {
    this.#parts = parts
  }

  /**
   * @param deviceToken what this browser holds; null for nothing
   * @param returnPath of the form, with its query
   * @returns a path of Latchkey that leads back to the form; null to go there at once
   * @throws DatabaseUnavailable
   */
  async find(signedIn: SignedIn, deviceToken: string | null, returnPath: string): Promise<string | null> {
    const { accountStore, sudoMode } = this.#parts
    const account = await accountStore.findById(signedIn.session.accountId)
    if (account?.hasPassword !== false || (await sudoMode.isProved(signedIn, deviceToken))) return null
    return signInAddress('/profile/confirm', returnPath)
  }
}
