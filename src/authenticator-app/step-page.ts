import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StepName } from '../second-factor/second-step-method.js'
import type { OnTheWayIn, StepEntrance } from '../second-factor/step-entrance.js'
import type { ShownStepPage } from '../second-factor/shown-step.js'
import { purposeOf } from '../second-factor/step-place.js'
import { appAt } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import type { StepPageCreator, StepWords } from './step-page-creator.js'

export type StepPageParts = {
  name: StepName
  words: StepWords
  stepEntrance: Pick<StepEntrance, 'enter'>
  stepPageCreator: StepPageCreator
}

/** The page of a code that is not sent, but looked up by its owner. */
export class StepPage implements ShownStepPage {
  readonly #parts: StepPageParts

  constructor(parts: StepPageParts) {
    this.#parts = parts
  }

  /** See `ShownStepPage`. */
  enter(req: FastifyRequest, reply: FastifyReply): Promise<OnTheWayIn | null> {
    return this.#parts.stepEntrance.enter(req, reply, this.#parts.name)
  }

  /** See `ShownStepPage`. */
  build(
    { pending, redirectUrl, url }: OnTheWayIn,
    notice: Notice<'code'> | null,
    isTrustWanted: boolean,
  ): Promise<string> {
    const { name, words, stepPageCreator } = this.#parts
    const methods = pending.methods.map((method) => method.name)
    const { username } = pending.account
    const purpose = purposeOf(pending)
    const form = { purpose, username, redirectUrl, app: appAt(url), isTrustWanted, methods }
    return stepPageCreator.buildStepPage(name, words, form, notice)
  }
}
