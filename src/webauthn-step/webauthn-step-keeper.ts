import { KnownDeviceStore } from '../attempts/known-device-store.js'
import { RecoveryCodeStore } from '../recovery-codes/recovery-code-store.js'
import { renewRecoveryCodes } from '../recovery-codes/renew-recovery-codes.js'
import { changeWayIn, type WayInChangeParts } from '../sign-in/change-way-in.js'
import type { SignedIn } from '../sign-in/door.js'
import type { Visitor } from '../sign-in/visitor.js'
import { WebauthnStepStore, type WebauthnStepState } from '../webauthn/webauthn-step-store.js'
import { removeWebauthnStep } from './remove-webauthn-step.js'

/** What an account has, and how many recovery codes stand in for it. */
export type StepState = WebauthnStepState & { codesLeft: number }

export type TurnOnOutcome =
  /** Recovery codes are told this once; none where the account had some. */
  | { kind: 'on'; recoveryCodes: string[] }
  /** There is nothing that could be asked for. */
  | { kind: 'noCredential' }
  | { kind: 'sessionOver' }

/** Turns asking for a passkey after the password on and off for an account; that it was proved who asks is up to its callers. */
export class WebauthnStepKeeper {
  readonly #parts: WayInChangeParts

  constructor(parts: WayInChangeParts) {
    this.#parts = parts
  }

  /** @throws DatabaseUnavailable */
  async find(accountId: string): Promise<StepState> {
    const { database } = this.#parts
    const [state, codesLeft] = await Promise.all([
      new WebauthnStepStore(database).find(accountId),
      new RecoveryCodeStore(database).count(accountId),
    ])
    return { ...state, codesLeft }
  }

  /**
   * From now on every browser is asked, also those that were trusted. Whoever has no recovery codes gets some.
   *
   * @throws DatabaseUnavailable
   */
  async turnOn(signedIn: SignedIn, visitor: Visitor): Promise<TurnOnOutcome> {
    const parts = this.#parts
    const outcome = await changeWayIn<TurnOnOutcome>(parts, signedIn, visitor, async (client, { id }) => {
      const store = new WebauthnStepStore(client)
      if (!(await store.find(id)).hasCredentials) return { news: [], outcome: { kind: 'noCredential' } }
      if (!(await store.turnOn(id, parts.now())))
        return { news: [], outcome: { kind: 'on', recoveryCodes: [] } }
      await new KnownDeviceStore(client).distrustAllOf(id)
      const hasCodes = (await new RecoveryCodeStore(client).count(id)) > 0
      const recoveryCodes = hasCodes ? [] : await renewRecoveryCodes(id, client)
      return { news: ['webauthnStepOn'], outcome: { kind: 'on', recoveryCodes } }
    })
    return outcome ?? { kind: 'sessionOver' }
  }

  /** @returns false when the session has ended, or it was off @throws DatabaseUnavailable */
  async turnOff(signedIn: SignedIn, visitor: Visitor): Promise<boolean> {
    const isOff = await changeWayIn(this.#parts, signedIn, visitor, async (client, { id }) => {
      const outcome = await removeWebauthnStep(id, client)
      return { news: outcome ? (['webauthnStepOff'] as const) : [], outcome }
    })
    return isOff === true
  }

  /**
   * Makes other recovery codes; those from before no longer count.
   *
   * @returns null when the session has ended, or none are wanted
   * @throws DatabaseUnavailable
   */
  async renewRecoveryCodes(signedIn: SignedIn, visitor: Visitor): Promise<string[] | null> {
    return changeWayIn<string[] | null>(this.#parts, signedIn, visitor, async (client, { id }) => {
      const { since } = await new WebauthnStepStore(client).find(id)
      if (since === null) return { news: [], outcome: null }
      return { news: ['recoveryCodesMade'], outcome: await renewRecoveryCodes(id, client) }
    })
  }
}
