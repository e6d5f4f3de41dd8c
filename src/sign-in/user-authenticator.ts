import type { Account, AccountQuery, AccountStore, NewAccount } from '../accounts/account-store.js'
import { parseAccountQuery } from '../accounts/parse-account-query.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import { hashToken } from '../secrets/hash-token.js'
import { orBusy, type Busy } from '../secrets/or-busy.js'
import type { PasswordHasher } from '../secrets/password-hasher.js'
import type { FirstFactorKind, SecurityEventKind } from '../security-events/security-event.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { NewSession } from '../sessions/session-store.js'
import { admitKnown, type KnownPerson } from './admit-known.js'
import type { FailureCount } from './failure-count.js'
import type { FirstFactor } from './first-factor.js'
import type { SecondStep } from './second-step.js'
import type { AdmittedAttempt, CaptchaNeeded, SignInGate, SignInRefusal } from './sign-in-gate.js'
import { strengthenHash } from './strengthen-hash.js'
import { visitorEvent } from './visitor-event.js'
import type { Visitor } from './visitor.js'

/** A name or an address as its owner wrote it, and in the form in which it is unique. */
type ValidUsername = { username: string; canonical: string }
type ValidEmail = { email: string; canonical: string }

export type { Busy }

/** The password is right, and not enough. */
type SecondStepDue = { kind: 'secondStepDue'; account: Account }

export type LoginResult =
  | { kind: 'success'; account: Account; firstFactor: FirstFactor; deviceToken: string }
  | SecondStepDue
  | ({ kind: 'usernameNotFound' } & FailureCount)
  | ({ kind: 'incorrectPassword'; account: Account } & FailureCount)
  | SignInRefusal
  | CaptchaNeeded
  | Busy

export type RegisterResponse =
  | KnownPerson
  | { kind: 'usernameUnavailable' }
  | { kind: 'emailUnavailable' }
  | Busy

/** A session token as the browser gets it; only its hash is kept. */
export type SessionToken = { token: string; expiresAt: Date }

export type UserAuthenticatorParts = {
  signInGate: SignInGate
  secondStep: Pick<SecondStep, 'isDue'>
  accountStore: AccountStore
  sessionKeeper: SessionKeeper
  passwordHasher: PasswordHasher
  securityEventRecorder: SecurityEventRecorder
  sessionTokenValidityDurationSeconds: number
  now: () => Date
}

/**
 * Tells who somebody is, makes accounts, and hands out session tokens: diagram 1, with its names.
 * It knows neither forms nor pages nor cookies. The diagram compares the hash inside the query; a salted hash
 * cannot be compared so, hence the row is fetched first and the password verified here.
 */
export class UserAuthenticator {
  readonly #parts: UserAuthenticatorParts

  constructor(parts: UserAuthenticatorParts) {
    this.#parts = parts
  }

  /**
   * @param username a username or an e-mail address, as typed
   * @param password exactly as typed
   * @throws DatabaseUnavailable, HashingUnavailable, or the reason of `visitor.signal`
   */
  async authenticateUser(username: string, password: string, visitor: Visitor): Promise<LoginResult> {
    return orBusy(async () => {
      // In a storm the database is not asked for those who cannot be served: they come back together, many at once.
      this.#parts.passwordHasher.demandRoom()
      const query = this.formulateLoginQuery(username)
      const account = query === null ? null : await this.#parts.accountStore.find(query)
      const admission = await this.#parts.signInGate.admit({ account, typedName: username, ...visitor })
      if (admission.kind !== 'admitted') return admission
      const isCorrect = await this.#verifyOrWithdraw(admission.attempt, account, password, visitor.signal)
      const right = isCorrect ? account : null
      const result =
        right !== null && (await this.#parts.secondStep.isDue(right, visitor))
          ? await this.#hold(right, admission.attempt)
          : await this.createLoginResult(account, isCorrect, admission.attempt, visitor)
      if (result.kind === 'success' || result.kind === 'secondStepDue')
        await strengthenHash(result.account, password, this.#parts)
      return result
    })
  }

  /** @throws DatabaseUnavailable, HashingUnavailable, or the reason of `visitor.signal` */
  async createAccount(
    username: ValidUsername,
    password: string,
    email: ValidEmail | null,
    visitor: Visitor,
  ): Promise<RegisterResponse> {
    return orBusy(async () => {
      const passwordHash = await this.hashPassword(password, visitor.signal)
      const account = this.formulateRegisterQuery(username, passwordHash, email)
      const outcome = await this.#parts.accountStore.add(account)
      if (outcome.kind !== 'added') return outcome
      this.#note(outcome.account, 'registered', visitor)
      return admitKnown(outcome.account, { kind: 'password' }, visitor, this.#parts)
    })
  }

  /**
   * Starts a session.
   *
   * @param account as it was when its password was checked
   * @param firstFactor by what the sign-in began
   * @param replacedToken the token this browser held until now; its session ends in the same statement
   * @returns null when the password was changed, or the account removed, since it was checked
   * @throws DatabaseUnavailable
   */
  async createSessionToken(
    account: Account,
    firstFactor: FirstFactorKind,
    visitor: Visitor,
    replacedToken: string | null,
  ): Promise<SessionToken | null> {
    const now = this.#parts.now()
    const expiresAt = new Date(now.getTime() + this.#parts.sessionTokenValidityDurationSeconds * 1000)
    const token = this.generateSessionToken()
    const isAdded = await this.#parts.sessionKeeper.add(
      this.formulateStoreTokenQuery(account, visitor, token, now, expiresAt, replacedToken),
    )
    if (!isAdded) return null
    this.#note(account, 'signedIn', visitor, firstFactor)
    return { token, expiresAt }
  }

  private hashPassword(password: string, signal?: AbortSignal): Promise<string> {
    return this.#parts.passwordHasher.hash(password, signal === undefined ? {} : { signal })
  }

  /** An unknown name is verified too, against a decoy: otherwise the time would tell that it is unknown. */
  private verifyPassword(account: Account | null, password: string, signal: AbortSignal): Promise<boolean> {
    const { passwordHasher } = this.#parts
    return passwordHasher.verify(account?.passwordHash ?? passwordHasher.decoyHash, password, { signal })
  }

  /** How the account is looked for; null for what can be nobody's name. */
  private formulateLoginQuery(username: string): AccountQuery | null {
    return parseAccountQuery(username)
  }

  /** A password that could not be looked at, in a full queue or after hanging up, was no attempt. */
  async #verifyOrWithdraw(
    attempt: AdmittedAttempt,
    account: Account | null,
    password: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      return await this.verifyPassword(account, password, signal)
    } catch (error) {
      await attempt.withdraw()
      throw error
    }
  }

  private async createLoginResult(
    account: Account | null,
    isCorrect: boolean,
    attempt: AdmittedAttempt,
    visitor: Visitor,
  ): Promise<LoginResult> {
    if (account !== null && isCorrect) {
      const verdict = await attempt.succeed()
      return verdict.kind === 'welcome'
        ? { kind: 'success', account, firstFactor: { kind: 'password' }, deviceToken: verdict.deviceToken }
        : verdict
    }
    const verdict = await attempt.fail()
    if (account !== null) {
      this.#note(account, 'signInFailed', visitor)
      if (verdict.kind === 'locked') this.#note(account, 'accountLocked', visitor)
    }
    if (verdict.kind !== 'counted') return verdict
    return account === null
      ? { ...verdict, kind: 'usernameNotFound' }
      : { ...verdict, kind: 'incorrectPassword', account }
  }

  /** Neither a failure nor a success: what was counted before stays, and this browser is no better known for it. */
  async #hold(account: Account, attempt: AdmittedAttempt): Promise<SecondStepDue> {
    await attempt.withdraw()
    return { kind: 'secondStepDue', account }
  }

  private formulateRegisterQuery(
    username: ValidUsername,
    passwordHash: string,
    email: ValidEmail | null,
  ): NewAccount {
    return {
      username: username.username,
      canonicalUsername: username.canonical,
      email: email?.email ?? null,
      canonicalEmail: email?.canonical ?? null,
      emailConfirmedAt: null,
      passwordHash,
      createdAt: this.#parts.now(),
    }
  }

  /** 256 random bits; the username of the diagram's figure has no place in a secret. */
  private generateSessionToken(): string {
    return createRandomToken()
  }

  private formulateStoreTokenQuery(
    account: Account,
    visitor: Visitor,
    token: string,
    createdAt: Date,
    expiresAt: Date,
    replacedToken: string | null,
  ): NewSession {
    return {
      tokenHash: hashToken(token),
      accountId: account.id,
      passwordVersion: account.passwordVersion,
      userAgent: visitor.userAgent,
      createdAt,
      expiresAt,
      replacedTokenHash: replacedToken === null ? null : hashToken(replacedToken),
    }
  }

  #note(account: Account, kind: SecurityEventKind, visitor: Visitor, firstFactor?: FirstFactorKind): void {
    const { securityEventRecorder, now } = this.#parts
    securityEventRecorder.note(visitorEvent(account.id, kind, visitor, now(), firstFactor))
  }
}
