import { KnownDeviceStore } from '../attempts/known-device-store.js'
import { RecoveryCodeStore } from '../recovery-codes/recovery-code-store.js'
import { renewRecoveryCodes } from '../recovery-codes/renew-recovery-codes.js'
import { changeWayIn, type WayInChangeParts } from '../sign-in/change-way-in.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { AppSecrets } from './app-secrets.js'
import { AuthenticatorAppStore } from './authenticator-app-store.js'
import { EnrolmentStore } from './enrolment-store.js'
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

export type AuthenticatorAppKeeperParts = WayInChangeParts & { appSecrets: AppSecrets }

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
    const outcome = await changeWayIn<ConfirmOutcome>(
      this.#parts,
      signedIn,
      visitor,
      async (client, { id }) => {
        const enrolmentStore = new EnrolmentStore(client)
        const kept = await enrolmentStore.find(signedIn.session.id, now())
        if (kept === null) return { news: [], outcome: { kind: 'over' } }
        const step = findStep(appSecrets.open(kept, id), code, now())
        if (step === null) return { news: [], outcome: { kind: 'wrong' } }
        await enrolmentStore.forgetAllOf(id)
        await new AuthenticatorAppStore(client).put(id, kept, now(), step)
        await new KnownDeviceStore(client).distrustAllOf(id)
        const recoveryCodes = await renewRecoveryCodes(id, client)
        return { news: ['authenticatorAppOn'], outcome: { kind: 'on', recoveryCodes } }
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
    return changeWayIn<string[] | null>(this.#parts, signedIn, visitor, async (client, { id }) => {
      if ((await new AuthenticatorAppStore(client).find(id)) === null) return { news: [], outcome: null }
      return { news: ['recoveryCodesMade'], outcome: await renewRecoveryCodes(id, client) }
    })
  }

  /** @returns false when the session has ended, or there was no app */
  async remove(signedIn: SignedIn, visitor: Visitor): Promise<boolean> {
    const isRemoved = await changeWayIn(this.#parts, signedIn, visitor, async (client, { id }) => {
      const outcome = await removeApp(id, client)
      return { news: outcome ? (['authenticatorAppOff'] as const) : [], outcome }
    })
    return isRemoved === true
  }
}
