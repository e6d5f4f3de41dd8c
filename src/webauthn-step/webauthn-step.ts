import type { FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { PendingSignIn } from '../second-factor/pending-sign-in.js'
import { stepPaths, type SecondStepMethod, type StepStanding } from '../second-factor/second-step-method.js'
import type { Redeemed, ShownStep } from '../second-factor/shown-step.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { AssertionJudge } from '../webauthn/assertion-judge.js'
import type { JudgedRefusal } from '../webauthn/assertion-refusal.js'
import { readAssertion, type Assertion } from '../webauthn/assertion.js'
import { requestOptions } from '../webauthn/ceremony-options.js'
import type { ChallengeDesk, ChallengeHolder } from '../webauthn/challenge-desk.js'
import type { CredentialStore } from '../webauthn/credential-store.js'
import { findRelyingParty, type RelyingParty } from '../webauthn/relying-party.js'
import type { WebauthnStepStore } from '../webauthn/webauthn-step-store.js'
import { wordWebauthnStepRefusal } from './word-webauthn-step-refusal.js'

/** Why a passkey let nobody in. */
export type WebauthnStepRefusal =
  | JudgedRefusal
  /** Browsers have no passkeys at this address. */
  | { kind: 'notHere' }

/** What came along; null for what is missing. */
type ShownCredential = { assertion: Assertion | null; relyingParty: RelyingParty | null }

export type WebauthnStepParts = {
  webauthnStepStore: WebauthnStepStore
  credentialStore: CredentialStore
  challengeDesk: ChallengeDesk
  assertionJudge: AssertionJudge
  securityEventRecorder: SecurityEventRecorder
  publicOrigin: string | null
  now: () => Date
}

/** A passkey of the account, as a second step. That somebody touches it is enough: who they are was shown before. */
export class WebauthnStep implements SecondStepMethod, ShownStep<WebauthnStepRefusal, ShownCredential> {
  readonly name = 'passkey'
  readonly isSpare = false
  readonly word = wordWebauthnStepRefusal
  readonly #parts: WebauthnStepParts

  constructor(parts: WebauthnStepParts) {
    this.#parts = parts
  }

  /** See `SecondStepMethod`. Passkeys that are not asked for can stand in for what is: they are no weaker. */
  async standingOf({ id }: Account): Promise<StepStanding> {
    const { since, hasCredentials } = await this.#parts.webauthnStepStore.find(id)
    if (since !== null) return 'chosen'
    return hasCredentials ? 'spare' : 'none'
  }

  /** See `SecondStepMethod`. */
  async begin() {
    return stepPaths[this.name]
  }

  /** See `SecondStepMethod`. */
  async describe() {
    return { next: this.name }
  }

  /** What a browser has to be asked for: a passkey of this account, for this sign-in. @throws DatabaseUnavailable */
  async ask(pending: PendingSignIn, relyingParty: RelyingParty) {
    const { challengeDesk, credentialStore } = this.#parts
    const [challenge, allowed] = await Promise.all([
      challengeDesk.issue(holderOf(pending)),
      credentialStore.describeAllOf(pending.account.id),
    ])
    return requestOptions(challenge, relyingParty, allowed)
  }

  /** See `ShownStep`. */
  read(req: FastifyRequest): ShownCredential {
    return {
      assertion: readAssertion(req.body),
      relyingParty: findRelyingParty(req, this.#parts.publicOrigin),
    }
  }

  /** See `ShownStep`. */
  judge({ assertion, relyingParty }: ShownCredential): WebauthnStepRefusal | null {
    if (relyingParty === null) return { kind: 'notHere' }
    return assertion === null ? { kind: 'unreadableAssertion' } : null
  }

  /** See `ShownStep`. Nobody can guess a signature, so what is refused is no failed attempt. */
  async redeem(
    pending: PendingSignIn,
    { assertion, relyingParty }: ShownCredential,
    visitor: Visitor,
  ): Promise<Redeemed<WebauthnStepRefusal>> {
    const { assertionJudge, credentialStore, securityEventRecorder, now } = this.#parts
    if (assertion === null || relyingParty === null) return refuse({ kind: 'unreadableAssertion' })
    const { firstFactor } = pending
    const signer = { accountId: pending.account.id }
    const judged = await assertionJudge.judge(assertion, holderOf(pending), relyingParty, visitor, signer)
    if (judged.kind !== 'right') return refuse(judged)
    if (judged.hasNewUv) await credentialStore.initializeUv(judged.credentialId)
    const { accountId } = signer
    const taken = visitorEvent(accountId, 'webauthnStepTaken', visitor, now(), firstFactor.kind)
    securityEventRecorder.note(taken)
    return { kind: 'right' }
  }
}

function holderOf({ id }: PendingSignIn): ChallengeHolder {
  return { purpose: 'step', holder: id }
}

function refuse(refusal: WebauthnStepRefusal): Redeemed<WebauthnStepRefusal> {
  return { kind: 'refused', refusal, isGuess: false }
}
