import type { SignedIn } from '../sign-in/door.js'
import { confirmAddress } from './confirm-address.js'
import type { SudoMode } from './sudo-mode.js'

export type ProofDetourParts = {
  sudoMode: SudoMode
  /** Whether an account can show something else in the place of its password. */
  hasFurtherWay: (accountId: string) => Promise<boolean>
  /** Whether everybody has to, as before a page whose forms have no field for the password. */
  isForAll: boolean
}

/** Has people prove elsewhere who they are, before anything is typed into a form that could not ask for it. */
export class ProofDetour {
  readonly #parts: ProofDetourParts

  constructor(parts: ProofDetourParts) {
    this.#parts = parts
  }

  /**
   * @param deviceToken what this browser holds; null for nothing
   * @param returnPath of the form, with its query
   * @param isFormSent whether it is filled in already: then a field for the password is all that it can have
   * @returns a path of Latchkey that leads back to the form; null to go there at once
   * @throws DatabaseUnavailable
   */
  async find(
    signedIn: SignedIn,
    deviceToken: string | null,
    returnPath: string,
    isFormSent: boolean,
  ): Promise<string | null> {
    const { sudoMode, isForAll } = this.#parts
    const isDue = isForAll
      ? !(await sudoMode.isProved(signedIn, deviceToken))
      : await this.#isBetterElsewhere(signedIn, deviceToken, isFormSent)
    return isDue ? confirmAddress(returnPath) : null
  }

  async #isBetterElsewhere(
    signedIn: SignedIn,
    deviceToken: string | null,
    isFormSent: boolean,
  ): Promise<boolean> {
    const { sudoMode, hasFurtherWay } = this.#parts
    const need = await sudoMode.findNeed(signedIn, deviceToken)
    if (need !== 'password' || isFormSent) return need === 'elsewhere'
    // What was shown there a moment ago is not asked for there again, where forms ask for the password each time.
    if (await sudoMode.isProved(signedIn, deviceToken)) return false
    return hasFurtherWay(signedIn.session.accountId)
  }
}
