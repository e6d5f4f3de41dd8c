import type { AccountStore } from '../accounts/account-store.js'
import { parseAccountQuery } from '../accounts/parse-account-query.js'
import type { AddressRefusal } from '../attempts/address-limit.js'
import { hashName } from '../attempts/hash-name.js'
import type { Database } from '../database/database.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import { orBusy, type Busy } from '../secrets/or-busy.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { AdmittedProof, RecoveryGuard, RecoveryRefusal } from './recovery-guard.js'
import type { ProofMethod } from './recovery-method.js'
import type { ProofClaim, RecoveryProof } from './recovery-proof.js'
import { RecoveryStore, type Recovery } from './recovery-store.js'

export type BeginOutcome =
  | { kind: 'begun'; recovery: Recovery }
  /** Only where people may learn which accounts exist. */
  | { kind: 'usernameNotFound' }
  | AddressRefusal

export type ProveOutcome =
  /** `recovery.token` is now the one that may set a new password, until `recovery.expiresAt`. */
  | { kind: 'proved'; recovery: Recovery }
  /** It cannot be such a proof at all; no try was counted. */
  | { kind: 'unreadable' }
  | { kind: 'wrong'; failures: number; limit: number }
  | { kind: 'over' }
  | Busy
  | RecoveryRefusal

export type RecoveryKeeperParts = {
  database: Database
  recoveryGuard: RecoveryGuard
  proofs: ReadonlyMap<ProofMethod, RecoveryProof>
  accountStore: AccountStore
  securityEventRecorder: SecurityEventRecorder
  revealAccountExistence: boolean
  /** How long somebody has from the name to the proof, and from there to the new password. */
  validitySeconds: number
  resetValiditySeconds: number
  now: () => Date
}

/** The life of a recovery up to its proof: begun with a name, held by one browser, proved once. */
export class RecoveryKeeper {
  readonly #parts: RecoveryKeeperParts
  readonly #recoveryStore: RecoveryStore

  constructor(parts: RecoveryKeeperParts) {
    this.#parts = parts
    this.#recoveryStore = new RecoveryStore(parts.database)
  }

  /**
   * @param username a username or an e-mail address, as typed
   * @throws DatabaseUnavailable
   */
  async begin(username: string, visitor: Visitor): Promise<BeginOutcome> {
    const { recoveryGuard, accountStore, revealAccountExistence, validitySeconds, now } = this.#parts
    const query = parseAccountQuery(username)
    const account = query === null ? null : await accountStore.find(query)
    const refusal = await recoveryGuard.admitBeginning(account?.id ?? null, visitor)
    if (refusal !== null) return refusal
    if (account === null && revealAccountExistence) return { kind: 'usernameNotFound' }
    const recovery = await this.#recoveryStore.add({
      token: createRandomToken(),
      accountId: account?.id ?? null,
      nameHash: hashName(username),
      startedAt: now(),
      expiresAt: secondsAfter(now(), validitySeconds),
    })
    return { kind: 'begun', recovery }
  }

  /**
   * @param token as the browser sent it; null when it sent none
   * @param username the name that this page or program means, as typed; null when it says none
   * @returns null when the recovery is over, or another name is meant: a page of one that was begun before in this browser
   * @throws DatabaseUnavailable
   */
  async find(token: string | null, username: string | null = null): Promise<Recovery | null> {
    if (token === null) return null
    const recovery = await this.#recoveryStore.find(token, this.#parts.now())
    const isMeant = username === null || recovery?.nameHash.equals(hashName(username)) === true
    return isMeant ? recovery : null
  }

  /**
   * Makes a try at a proof, counted before it is looked at.
   *
   * @param method one that the operator has not left out
   * @param typed the passkey, the code, or the answers in the order of their questions
   * @throws DatabaseUnavailable, HashingUnavailable, or the reason of `visitor.signal`
   */
  async prove(
    recovery: Recovery,
    method: ProofMethod,
    typed: readonly string[],
    visitor: Visitor,
  ): Promise<ProveOutcome> {
    const { proofs, recoveryGuard, now } = this.#parts
    const proof = proofs.get(method)
    if (proof === undefined) throw new Error(`there is no recovery by ${method}`)
    if (recovery.provedBy !== null) return { kind: 'over' }
    if (!proof.isReadable(typed)) return { kind: 'unreadable' }
    const admission = await recoveryGuard.admit(recovery, proof, visitor)
    if (admission.kind !== 'admitted') return admission
    const claim = { recovery, typed, signal: visitor.signal, now: now() }
    return orBusy(async () => {
      const isRight = await isRightOrWithdraw(proof, claim, admission.attempt)
      const proved = isRight ? await this.#noteProof(proof, claim) : 'wrong'
      if (proved === 'wrong') {
        this.#noteFailure(recovery, visitor)
        return admission.attempt.fail()
      }
      await admission.attempt.succeed()
      return proved === null ? { kind: 'over' } : { kind: 'proved', recovery: proved }
    })
  }

  /** One transaction, so that what counts once is not lost when the proof cannot be noted. */
  async #noteProof(proof: RecoveryProof, claim: ProofClaim): Promise<Recovery | null | 'wrong'> {
    return this.#parts.database.transaction(async (client) => {
      if (proof.useUp !== undefined && !(await proof.useUp(claim, client))) return 'wrong'
      return new RecoveryStore(client).prove(claim.recovery.token, {
        provedBy: proof.method,
        newToken: createRandomToken(),
        now: claim.now,
        expiresAt: secondsAfter(claim.now, this.#parts.resetValiditySeconds),
      })
    })
  }

  #noteFailure({ accountId }: Recovery, visitor: Visitor): void {
    const { securityEventRecorder, now } = this.#parts
    if (accountId !== null)
      securityEventRecorder.note(visitorEvent(accountId, 'recoveryFailed', visitor, now()))
  }
}

/** What could not be looked at, in a full queue or after hanging up, was no try. */
async function isRightOrWithdraw(
  proof: RecoveryProof,
  claim: ProofClaim,
  attempt: AdmittedProof,
): Promise<boolean> {
  try {
    return await proof.isRight(claim)
  } catch (error) {
    await attempt.withdraw()
    throw error
  }
}

function secondsAfter(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
