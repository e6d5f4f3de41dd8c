import type { SignedIn } from '../sign-in/door.js'
import { confirmAddress } from './confirm-address.js'
import type { SudoMode } from './sudo-mode.js'

export type ProofDetourParts = {
  sudoMode: SudoMode
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
   * @returns a path of Latchkey that leads back to the form; null to go there at once
   * @throws DatabaseUnavailable
   */
  async find(signedIn: SignedIn, deviceToken: string | null, returnPath: string): Promise<string | null> {
    const { sudoMode, isForAll } = this.#parts
    const isDue = isForAll
      ? !(await sudoMode.isProved(signedIn, deviceToken))
      : (await sudoMode.findNeed(signedIn, deviceToken)) === 'elsewhere'
    return isDue ? confirmAddress(returnPath) : null
  }
}
