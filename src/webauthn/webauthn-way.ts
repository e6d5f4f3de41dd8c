import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import { sendHtml } from '../http/html-reply.js'
import type { OnwardDoor, Visit } from '../sign-in/onward-door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { ProofDesk } from '../sudo-mode/proof-desk.js'
import type { ProofOffer, ProofWay } from '../sudo-mode/proof-way.js'
import type { AssertionJudge } from './assertion-judge.js'
import { assertionStatuses } from './assertion-refusal.js'
import { readAssertion } from './assertion.js'
import { requestOptions } from './ceremony-options.js'
import type { ChallengeDesk, ChallengeHolder } from './challenge-desk.js'
import type { CredentialStore } from './credential-store.js'
import { findRelyingParty, type RelyingParty } from './relying-party.js'
import type { WebauthnPageCreator } from './webauthn-page-creator.js'
import type { OwnAssertionRefusal } from './word-own-assertion-refusal.js'

export type WebauthnWayParts = {
  onwardDoor: OnwardDoor
  visitorReader: VisitorReader
  proofDesk: ProofDesk
  challengeDesk: ChallengeDesk
  assertionJudge: AssertionJudge
  credentialStore: CredentialStore
  webauthnPageCreator: WebauthnPageCreator
  publicOrigin: string | null
}

const path = '/profile/confirm/passkey'

/** How people prove who they are by a passkey whose authenticator makes sure that it is them: that is all that can be asked for. */
export class WebauthnWay implements ProofWay {
  readonly #parts: WebauthnWayParts

  constructor(parts: WebauthnWayParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showPage(req, reply))
    app.post(path, (req, reply) => this.#take(req, reply))
  }

  /** See `ProofWay`. */
  async offer(req: FastifyRequest, { address }: Visit, { id }: Account): Promise<ProofOffer | null> {
    const { credentialStore, publicOrigin } = this.#parts
    if (findRelyingParty(req, publicOrigin) === null) return null
    if ((await credentialStore.describeAllOf(id, true)).length === 0) return null
    return {
      text: 'A passkey with your PIN, fingerprint or face is enough.',
      label: 'Use a passkey',
      url: signInAddress(path, address),
    }
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const visit = await this.#parts.onwardDoor.admit(req, reply, path)
    return visit === null ? reply : this.#sendPage(req, reply, visit, null)
  }

  /** Nothing can be guessed: neither do tries count, nor are locks asked. */
  async #take(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { onwardDoor, visitorReader, proofDesk, assertionJudge, publicOrigin } = this.#parts
    const visit = await onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const { signedIn, address: redirectUrl, url } = visit
    const relyingParty = findRelyingParty(req, publicOrigin)
    if (relyingParty === null) return this.#sendPage(req, reply, visit, { kind: 'notHere' })
    const assertion = readAssertion(req.body)
    if (assertion === null) return this.#sendPage(req, reply, visit, { kind: 'unreadableAssertion' })
    const visitor = visitorReader.read(req, reply)
    const signer = { accountId: signedIn.session.accountId }
    const judged = await assertionJudge.judge(assertion, holderOf(visit), relyingParty, visitor, signer)
    if (judged.kind !== 'right') return this.#sendPage(req, reply, visit, judged)
    if (!judged.isUserVerified) return this.#sendPage(req, reply, visit, { kind: 'ownerUnverified' })
    req.log.info({ accountId: judged.accountId, clientAddress: req.ip }, 'sudo: proved by a passkey')
    const proved = await proofDesk.finish(reply, { signedIn, visitor, redirectUrl, url }, true)
    // Its door finds out that the session is over.
    return proved === null ? reply.redirect(url, 303) : reply
  }

  /** Each page has a challenge of its own, also after a refusal. */
  async #sendPage(
    req: FastifyRequest,
    reply: FastifyReply,
    visit: Visit,
    refusal: OwnAssertionRefusal | null,
  ): Promise<FastifyReply> {
    const { webauthnPageCreator, publicOrigin } = this.#parts
    const relyingParty = findRelyingParty(req, publicOrigin)
    const options = relyingParty === null ? null : await this.#ask(visit, relyingParty)
    const proofUrl = signInAddress(path, visit.address)
    const page = await webauthnPageCreator.buildProofPage(options, visit.address, proofUrl, refusal)
    if (refusal !== null) req.log.info({ clientAddress: req.ip }, `sudo by a passkey: ${refusal.kind}`)
    return sendHtml(reply, refusal === null ? 200 : assertionStatuses[refusal.kind], page)
  }

  async #ask(visit: Visit, relyingParty: RelyingParty) {
    const { challengeDesk, credentialStore } = this.#parts
    const [challenge, allowed] = await Promise.all([
      challengeDesk.issue(holderOf(visit)),
      credentialStore.describeAllOf(visit.signedIn.session.accountId, true),
    ])
    return requestOptions(challenge, relyingParty, allowed, 'required')
  }
}

function holderOf({ signedIn }: Visit): ChallengeHolder {
  return { purpose: 'prove', holder: signedIn.session.id }
}
