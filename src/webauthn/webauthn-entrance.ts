import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { admitKnown, type KnownPerson } from '../sign-in/admit-known.js'
import type { SecondStep } from '../sign-in/second-step.js'
import type { SignInGate } from '../sign-in/sign-in-gate.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { AssertionJudge } from './assertion-judge.js'
import type { AssertionRefusal } from './assertion-refusal.js'
import { readAssertion } from './assertion.js'
import { requestOptions } from './ceremony-options.js'
import type { ChallengeDesk } from './challenge-desk.js'
import { findRelyingParty } from './relying-party.js'
import type { WebauthnCookie } from './webauthn-cookie.js'
import type { WebauthnStepStore } from './webauthn-step-store.js'

export type WebauthnOutcome = KnownPerson | AssertionRefusal

export type WebauthnEntranceParts = {
  assertionJudge: AssertionJudge
  challengeDesk: ChallengeDesk
  webauthnCookie: WebauthnCookie
  webauthnStepStore: WebauthnStepStore
  accountStore: AccountStore
  secondStep: Pick<SecondStep, 'isDue'>
  signInGate: Pick<SignInGate, 'remember'>
  publicOrigin: string | null
}

/** The way in with a passkey, without a name or a password, for both faces: asks for one, and tells by it who somebody is. */
export class WebauthnEntrance {
  readonly #parts: WebauthnEntranceParts

  constructor(parts: WebauthnEntranceParts) {
    this.#parts = parts
  }

  /**
   * What this browser has to be asked for.
   *
   * @param isOffered see `ChallengeDesk.issue`
   * @returns null where it has no passkeys
   * @throws DatabaseUnavailable
   */
  async ask(
    req: FastifyRequest,
    reply: FastifyReply,
    isOffered = false,
  ): Promise<ReturnType<typeof requestOptions> | null> {
    const { challengeDesk, webauthnCookie, publicOrigin } = this.#parts
    const relyingParty = findRelyingParty(req, publicOrigin)
    if (relyingParty === null) return null
    const challenge = await challengeDesk.issue(webauthnCookie.readOrWrite(req, reply), isOffered)
    return requestOptions(challenge, relyingParty)
  }

  /**
   * Nobody can guess a signature: neither do tries count, nor are locks asked, or strangers who guess at a password could
   * keep its owner out.
   *
   * @throws DatabaseUnavailable
   */
  async authenticate(req: FastifyRequest, visitor: Visitor): Promise<WebauthnOutcome> {
    const {
      assertionJudge,
      webauthnCookie,
      webauthnStepStore,
      accountStore,
      secondStep,
      signInGate,
      publicOrigin,
    } = this.#parts
    const relyingParty = findRelyingParty(req, publicOrigin)
    if (relyingParty === null) return { kind: 'notHere' }
    const assertion = readAssertion(req.body)
    if (assertion === null) return { kind: 'unreadableAssertion' }
    const holder = webauthnCookie.read(req)
    if (holder === null) return { kind: 'challengeOver' }
    const judged = await assertionJudge.judge(assertion, holder, relyingParty, visitor)
    if (judged.kind !== 'right') return judged
    const account = await accountStore.findById(judged.accountId)
    if (account?.passwordVersion !== judged.passwordVersion) return { kind: 'accountChanged' }
    // A touch that is asked for after the password counts not before it as well, whatever is asked of this browser.
    if (!judged.isUserVerified && (await webauthnStepStore.find(account.id)).since !== null)
      return { kind: 'passwordNeeded' }
    // An authenticator that knows its owner is two factors; a bare touch is one.
    const isDue = judged.isUserVerified ? async () => false : secondStep.isDue.bind(secondStep)
    const { credentialId, hasNewUv } = judged
    const firstFactor = { kind: 'passkey', credentialId, hasNewUv } as const
    return admitKnown(account, firstFactor, visitor, { secondStep: { isDue }, signInGate })
  }
}
