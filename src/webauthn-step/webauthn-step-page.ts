import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ShownStepPage } from '../second-factor/shown-step.js'
import type { OnTheWayIn, StepEntrance } from '../second-factor/step-entrance.js'
import { purposeOf } from '../second-factor/step-place.js'
import { appAt } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import { findRelyingParty, type RelyingParty } from '../webauthn/relying-party.js'
import type { WebauthnStepPageCreator } from './webauthn-step-page-creator.js'
import type { WebauthnStep } from './webauthn-step.js'

/** Somebody who may show a passkey; null where their browser has none. */
type BeforeCredential = OnTheWayIn & { relyingParty: RelyingParty | null }

export type WebauthnStepPageParts = {
  webauthnStep: WebauthnStep
  stepEntrance: Pick<StepEntrance, 'enter'>
  webauthnStepPageCreator: WebauthnStepPageCreator
  publicOrigin: string | null
}

/** The page that asks for a passkey after the password; each time by a new challenge. */
export class WebauthnStepPage implements ShownStepPage<BeforeCredential> {
  readonly #parts: WebauthnStepPageParts

  constructor(parts: WebauthnStepPageParts) {
    this.#parts = parts
  }

  /** See `ShownStepPage`. */
  async enter(req: FastifyRequest, reply: FastifyReply): Promise<BeforeCredential | null> {
    const { stepEntrance, publicOrigin } = this.#parts
    const onTheWay = await stepEntrance.enter(req, reply, 'passkey')
    return onTheWay && { ...onTheWay, relyingParty: findRelyingParty(req, publicOrigin) }
  }

  /** See `ShownStepPage`. */
  async build(
    { pending, redirectUrl, url, relyingParty }: BeforeCredential,
    notice: Notice<'code'> | null,
    isTrustWanted: boolean,
  ): Promise<string> {
    const { webauthnStep, webauthnStepPageCreator } = this.#parts
    const options = relyingParty === null ? null : await webauthnStep.ask(pending, relyingParty)
    const methods = pending.methods.map(({ name }) => name)
    const { username } = pending.account
    const purpose = purposeOf(pending)
    const form = { purpose, username, redirectUrl, app: appAt(url), isTrustWanted, methods }
    return webauthnStepPageCreator.buildStepPage(options, form, notice)
  }
}
