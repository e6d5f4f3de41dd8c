import type { KnownDevices } from '../attempts/known-devices.js'
import { hashToken } from '../secrets/hash-token.js'
import type { SignedIn } from '../sign-in/door.js'
import type { UserAuthenticator } from '../sign-in/user-authenticator.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { PasswordProofStore } from './password-proof-store.js'
import type { FreshProof, SudoOutcome } from './sudo-outcome.js'

/** A proof that was made elsewhere is not part of the form, so it lasts a while also where passwords are asked for each time. */
const leastSecondsElsewhere = 600

export type SudoModeParts = {
  passwordProofStore: PasswordProofStore
  knownDevices: KnownDevices
  userAuthenticator: UserAuthenticator
  sessionKeeper: SessionKeeper
  /** How long a proof lasts in its session; 0 for none. */
  validitySeconds: number
  now: () => Date
}

/**
 * Asks for the password again before something sensitive, for the whole session and some minutes. Signing in is no such
 * proof: who comes upon an open browser has not signed in. It knows no forms and no pages.
 */
export class SudoMode {
  readonly #parts: SudoModeParts

  constructor(parts: SudoModeParts) {
    this.#parts = parts
  }

  /**
   * Whether the password was proved in this session a short time ago, in a browser that the account is known in: apps on
   * the same domain see the session's cookie, also the one that a proof has brought, but not the one of the device.
   *
   * @param deviceToken what this browser holds; null for nothing
   * @param seconds how long a proof lasts where it is not as long as elsewhere
   * @throws DatabaseUnavailable
   */
  async isProved(
    { token, session }: SignedIn,
    deviceToken: string | null,
    seconds = this.#parts.validitySeconds,
  ): Promise<boolean> {
    const { passwordProofStore, knownDevices, now } = this.#parts
    const before = (past: number) => new Date(now().getTime() - past * 1000)
    const times = [before(seconds), before(Math.max(seconds, leastSecondsElsewhere))] as const
    if (!(await passwordProofStore.has(session.id, hashToken(token), ...times))) return false
    return (await knownDevices.find(session.accountId, deviceToken)) !== null
  }

  /**
   * Lets through whoever has proved the password, or proves it now. Tries count as those of the login page do. A proof
   * brings the session a new token (OWASP ASVS 5.0, 7.2.4): whoever knew the old one gains nothing by it.
   *
   * @param password as typed; null when none was
   * @throws DatabaseUnavailable, HashingUnavailable, or the reason of `visitor.signal`
   */
  async prove(signedIn: SignedIn, password: string | null, visitor: Visitor): Promise<SudoOutcome> {
    if (await this.isProved(signedIn, visitor.deviceToken))
      return { kind: 'proved', token: signedIn.token, deviceToken: null }
    return password === null ? { kind: 'passwordNeeded' } : this.proveAnew(signedIn, password, visitor)
  }

  /** Like `prove`, but looks at the password in any case: a program sends one each time. */
  async proveAnew({ token, session }: SignedIn, password: string, visitor: Visitor): Promise<FreshProof> {
    const { userAuthenticator } = this.#parts
    const result = await userAuthenticator.authenticateUser(
      session.username,
      password,
      { ...visitor, isHuman: true },
      false,
    )
    switch (result.kind) {
      case 'success': {
        // Another account may have taken the name of one that was just removed.
        if (result.account.id !== session.accountId) return { kind: 'sessionOver' }
        const renewed = await this.#noteProof(token, session.id)
        if (renewed === null) return { kind: 'sessionOver' }
        const { passwordVersion } = result.account
        return { kind: 'proved', token: renewed, deviceToken: result.deviceToken, passwordVersion }
      }
      case 'usernameNotFound':
      // Neither was asked for.
      case 'secondStepDue':
      case 'captchaNeeded':
        return { kind: 'sessionOver' }
      case 'incorrectPassword': {
        const { kind, failures, limit, next, needsCaptcha } = result
        return { kind, failures, limit, next, needsCaptcha }
      }
      case 'coolingDown':
      case 'addressCoolingDown':
      case 'locked':
      case 'busy':
        return result
    }
  }

  /**
   * Takes the word of another service that its owner, who has no password, is at this browser.
   *
   * @returns the token of the session from now on, and of the browser, which is a known one by this; null when it is over
   * @throws DatabaseUnavailable
   */
  async accept(
    { token, session }: SignedIn,
    { deviceToken }: Visitor,
  ): Promise<{ token: string; deviceToken: string } | null> {
    const renewed = await this.#noteProof(token, session.id)
    if (renewed === null) return null
    return {
      token: renewed,
      deviceToken: await this.#parts.knownDevices.remember(session.accountId, deviceToken),
    }
  }

  /** @returns the new token of the session; null when it is over */
  async #noteProof(token: string, sessionId: string): Promise<string | null> {
    const { passwordProofStore, sessionKeeper, now } = this.#parts
    const renewed = await sessionKeeper.renewToken(token)
    if (renewed !== null) await passwordProofStore.note(sessionId, now())
    return renewed
  }
}
