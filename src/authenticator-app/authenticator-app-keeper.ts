import { KnownDeviceStore } from '../attempts/known-device-store.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import type { TellOwner } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { AppSecrets } from './app-secrets.js'
import { AuthenticatorAppStore } from './authenticator-app-store.js'
import { EnrolmentStore } from './enrolment-store.js'
import { RecoveryCodeStore } from './recovery-code-store.js'
import { createRecoveryCodes, hashRecoveryCode } from './recovery-code.js'
import { removeApp } from './remove-app.js'
import { findStep } from './totp.js'

/** Long enough to install an app. */
export const enrolmentSeconds = 900

/** What an account has. */
export type AppState = { since: Date; codesLeft: number }

export type ConfirmOutcome =
  /** The codes are told this once. */
  | { kind: 'on'; recoveryCodes: string[] }
  | { kind: 'wrong' }
  /** The session has ended, or what was being set up is forgotten. */
  | { kind: 'over' }

export type AuthenticatorAppKeeperParts = {
  database: Database
  appSecrets: AppSecrets
  tellOwner: TellOwner
  now: () => Date
}

type AppNews = 'authenticatorAppOn' | 'authenticatorAppOff' | 'recoveryCodesMade'

/** Sets up and removes the authenticator app of an account; that the password was asked for is up to its callers. */
export class AuthenticatorAppKeeper {
  readonly #parts: AuthenticatorAppKeeperParts

  constructor(parts: AuthenticatorAppKeeperParts) {
    this.#parts = parts
  }

  /** @returns null when the account has no app */
  async find(accountId: string): Promise<AppState | null> {
    const { database } = this.#parts
    const app = await new AuthenticatorAppStore(database).find(accountId)
    if (app === null) return null
    return { since: app.since, codesLeft: await new RecoveryCodeStore(database).count(accountId) }
  }

  /**
   * Makes a secret for an app, which counts for nothing before `confirm`. The app that there may be stays until then.
   *
   * @returns false when the session has ended
   */
  async begin(signedIn: SignedIn): Promise<boolean> {
    const { database, appSecrets, now } = this.#parts
    const { id: sessionId, accountId } = signedIn.session
    const expiresAt = new Date(now().getTime() + enrolmentSeconds * 1000)
    return database.transaction(async (client) => {
      if ((await lockForChange(signedIn, client)) === null) return false
      await new EnrolmentStore(client).begin(sessionId, accountId, appSecrets.create(accountId), expiresAt)
      return true
    })
  }

  /** The secret of the app that is being set up in this session; null when none is. */
  async findEnrolment({ session }: SignedIn): Promise<Buffer | null> {
    const { database, appSecrets, now } = this.#parts
    const kept = await new EnrolmentStore(database).find(session.id, now())
    return kept === null ? null : appSecrets.open(kept, session.accountId)
  }

  async cancel({ session }: SignedIn): Promise<void> {
    await new EnrolmentStore(this.#parts.database).forget(session.id)
  }

  /**
   * Turns it on, for who shows a code of it. From now on every browser is asked, also those that were trusted.
   *
   * @param code six digits
   * @throws DatabaseUnavailable
   */
  async confirm(signedIn: SignedIn, code: string, visitor: Visitor): Promise<ConfirmOutcome> {
    const { appSecrets, now } = this.#parts
    const { id: sessionId, accountId } = signedIn.session
    const outcome = await this.#change<ConfirmOutcome>(
      signedIn,
      'authenticatorAppOn',
      visitor,
      async (client) => {
        const enrolmentStore = new EnrolmentStore(client)
        const kept = await enrolmentStore.find(sessionId, now())
        if (kept === null) return { isDone: false, outcome: { kind: 'over' } }
        const step = findStep(appSecrets.open(kept, accountId), code, now())
        if (step === null) return { isDone: false, outcome: { kind: 'wrong' } }
        await enrolmentStore.forgetAllOf(accountId)
        await new AuthenticatorAppStore(client).put(accountId, kept, now(), step)
        await new KnownDeviceStore(client).distrustAllOf(accountId)
        return { isDone: true, outcome: { kind: 'on', recoveryCodes: await renewCodes(accountId, client) } }
      },
    )
    return outcome ?? { kind: 'over' }
  }

  /**
   * Makes other recovery codes; those from before no longer count.
   *
   * @returns null when the session has ended, or there is no app
   */
  async renewRecoveryCodes(signedIn: SignedIn, visitor: Visitor): Promise<string[] | null> {
    const { accountId } = signedIn.session
    return this.#change(signedIn, 'recoveryCodesMade', visitor, async (client) => {
      if ((await new AuthenticatorAppStore(client).find(accountId)) === null)
        return { isDone: false, outcome: null }
      return { isDone: true, outcome: await renewCodes(accountId, client) }
    })
  }

  /** @returns false when the session has ended, or there was no app */
  async remove(signedIn: SignedIn, visitor: Visitor): Promise<boolean> {
    const { accountId } = signedIn.session
    const isRemoved = await this.#change(signedIn, 'authenticatorAppOff', visitor, async (client) => {
      const isDone = await removeApp(accountId, client)
      return { isDone, outcome: isDone }
    })
    return isRemoved === true
  }

  /** @param work tells whether it changed anything, of which the owner is then told */
  async #change<Outcome>(
    signedIn: SignedIn,
    news: AppNews,
    visitor: Visitor,
    work: (client: Queryable) => Promise<{ isDone: boolean; outcome: Outcome }>,
  ): Promise<Outcome | null> {
    const { database, tellOwner, now } = this.#parts
    const done = await database.transaction(async (client) => {
      const account = await lockForChange(signedIn, client)
      if (account === null) return null
      const { isDone, outcome } = await work(client)
      const event = visitorEvent(account.id, news, visitor, now())
      const isToBeTold = isDone && (await new SecurityEventStore(client).addRepeatable(event))
      return { account, outcome, isToBeTold }
    })
    if (done === null) return null
    if (done.isToBeTold) tellOwner(done.account, news, visitor)
    return done.outcome
  }
}

async function renewCodes(accountId: string, client: Queryable): Promise<string[]> {
  const codes = createRecoveryCodes()
  const hashes = codes.flatMap((code) => hashRecoveryCode(code) ?? [])
  await new RecoveryCodeStore(client).replace(accountId, hashes)
  return codes
}
