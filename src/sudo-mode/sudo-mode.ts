import type { AccountStore } from '../accounts/account-store.js'
import type { KnownDevices } from '../attempts/known-devices.js'
import { hashToken } from '../secrets/hash-token.js'
import type { SignedIn } from '../sign-in/door.js'
import type { LoginResult, UserAuthenticator } from '../sign-in/user-authenticator.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { PasswordProofStore } from './password-proof-store.js'
import type { ProofStep } from './proof-step.js'
import type { FreshProof, PasswordLook, ProofNeed, ProofState } from './sudo-outcome.js'

/** What is not asked for in the form itself lasts a while also where passwords are asked for each time. */
const leastSecondsElsewhere = 600

export type SudoModeParts = {
  passwordProofStore: PasswordProofStore
  accountStore: AccountStore
  proofStep: Pick<ProofStep, 'isDue'>
  knownDevices: KnownDevices
  userAuthenticator: UserAuthenticator
  sessionKeeper: SessionKeeper
  /** How long a proof lasts in its session; 0 for none. */
  validitySeconds: number
  now: () => Date
}

/**
 * Asks again before something sensitive for what signing in asks for, for the whole session and some minutes. Signing in is
 * no such proof: who comes upon an open browser has not signed in. It knows no forms and no pages.
 */
export class SudoMode {
  readonly #parts: SudoModeParts

  constructor(parts: SudoModeParts) {
    this.#parts = parts
  }

  /**
   * What has to be shown before a form that has a field for the password.
   *
   * @param deviceToken what this browser holds; null for nothing
   * @throws DatabaseUnavailable
   */
  async findNeed(signedIn: SignedIn, deviceToken: string | null): Promise<ProofNeed> {
    return (await this.describe(signedIn, deviceToken)).need
  }

  /**
   * Like `findNeed`, and whether there is a password to sign in with.
   *
   * @throws DatabaseUnavailable
   */
  async describe(signedIn: SignedIn, deviceToken: string | null): Promise<ProofState> {
    const { accountStore, proofStep, validitySeconds } = this.#parts
    const account = await accountStore.findById(signedIn.session.accountId)
    const isStepDue = account !== null && (await proofStep.isDue(account, { deviceToken }))
    const hasPassword = account?.hasPassword !== false
    const isElsewhere = isStepDue || !hasPassword
    const lasting = Math.max(validitySeconds, leastSecondsElsewhere)
    // A full one was made elsewhere, whatever this account is asked for.
    if (await this.#has(signedIn, deviceToken, lasting, isStepDue || !isElsewhere))
      return { need: 'nothing', hasPassword }
    if (isElsewhere) return { need: 'elsewhere', hasPassword }
    const isFresh = await this.#has(signedIn, deviceToken, validitySeconds, false)
    return { need: isFresh ? 'nothing' : 'password', hasPassword }
  }

  /**
   * Whether all that is due was shown in this session a short time ago, for what comes after the form that asked for it.
   *
   * @param leastSeconds how long a proof lasts at least
   * @throws DatabaseUnavailable
   */
  async isProved(
    signedIn: SignedIn,
    deviceToken: string | null,
    leastSeconds = leastSecondsElsewhere,
  ): Promise<boolean> {
    const { accountStore, proofStep, validitySeconds } = this.#parts
    const account = await accountStore.findById(signedIn.session.accountId)
    if (account === null) return false
    const isStepDue = await proofStep.isDue(account, { deviceToken })
    return this.#has(signedIn, deviceToken, Math.max(validitySeconds, leastSeconds), isStepDue)
  }

  /**
   * Looks at the password, and takes it for a proof where no second step is due. Tries count as those of the login page do. A
   * proof brings the session a new token (OWASP ASVS 5.0, 7.2.4): whoever knew the old one gains nothing by it.
   *
   * @throws DatabaseUnavailable, HashingUnavailable, or the reason of `visitor.signal`
   */
  async prove(signedIn: SignedIn, password: string, visitor: Visitor): Promise<FreshProof> {
    const look = await this.#look(signedIn, password, visitor)
    if (look.kind !== 'right') return look
    const { account, deviceToken } = look
    if (deviceToken === null) return { kind: 'secondStepDue', account }
    const token = await this.#noteProof(signedIn, deviceToken, false)
    return token === null ? { kind: 'sessionOver' } : { kind: 'proved', token, deviceToken }
  }

  /**
   * Looks at the password alone, for a program that sends it each time, where nothing is needed elsewhere. The session gets a
   * new token, and no form is opened by it.
   */
  async look(signedIn: SignedIn, password: string, visitor: Visitor): Promise<PasswordLook> {
    const look = await this.#look(signedIn, password, visitor)
    if (look.kind !== 'right') return look
    const token = await this.#parts.sessionKeeper.renewToken(signedIn.token)
    return token === null ? { kind: 'sessionOver' } : { ...look, token }
  }

  /**
   * Takes somebody's word, or what was shown elsewhere, for a proof.
   *
   * @param isFull whether a second step belonged to it, or nothing weaker
   * @returns the token of the session from now on, and of the browser, which is a known one by this; null when it is over
   * @throws DatabaseUnavailable
   */
  async accept(
    signedIn: SignedIn,
    { deviceToken }: Pick<Visitor, 'deviceToken'>,
    isFull: boolean,
  ): Promise<{ token: string; deviceToken: string } | null> {
    const known = await this.#parts.knownDevices.remember(signedIn.session.accountId, deviceToken)
    const token = await this.#noteProof(signedIn, known, isFull)
    return token === null ? null : { token, deviceToken: known }
  }

  /**
   * Only in the browser where it was shown: apps on the same domain see the session's cookie, also the one that a proof has
   * brought, but not the one of the device.
   */
  async #has(
    { token, session }: SignedIn,
    deviceToken: string | null,
    seconds: number,
    isFullNeeded: boolean,
  ): Promise<boolean> {
    if (deviceToken === null) return false
    const { passwordProofStore, now } = this.#parts
    const since = new Date(now().getTime() - seconds * 1000)
    const holder = { sessionId: session.id, tokenHash: hashToken(token), deviceHash: hashToken(deviceToken) }
    return passwordProofStore.has(holder, since, isFullNeeded)
  }

  async #look({ session }: SignedIn, password: string, visitor: Visitor) {
    const { userAuthenticator } = this.#parts
    const result = await userAuthenticator.authenticateUser(session.username, password, {
      ...visitor,
      isHuman: true,
    })
    return readLook(result, session.accountId)
  }

  /** @returns the new token of the session; null when it is over */
  async #noteProof(
    { token, session }: SignedIn,
    deviceToken: string,
    isFull: boolean,
  ): Promise<string | null> {
    const { passwordProofStore, sessionKeeper, now } = this.#parts
    const renewed = await sessionKeeper.renewToken(token)
    if (renewed !== null)
      await passwordProofStore.note(session.id, {
        deviceHash: hashToken(deviceToken),
        provedAt: now(),
        isFull,
      })
    return renewed
  }
}

/** `deviceToken` is null where a second step is due: then the password is no success yet, and forgets no failures. */
function readLook(result: LoginResult, accountId: string) {
  switch (result.kind) {
    case 'success':
    case 'secondStepDue': {
      const { account } = result
      // Another account may have taken the name of one that was just removed.
      if (account.id !== accountId) return { kind: 'sessionOver' as const }
      const deviceToken = result.kind === 'success' ? result.deviceToken : null
      return { kind: 'right' as const, account, deviceToken }
    }
    case 'usernameNotFound':
    // It was not asked for.
    case 'captchaNeeded':
      return { kind: 'sessionOver' as const }
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
