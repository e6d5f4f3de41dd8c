import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ValidEmail } from '../email-codes/address-claim.js'
import type { OnTheWayIn, StepEntrance } from '../second-factor/step-entrance.js'
import { purposeOf, stepPlace } from '../second-factor/step-place.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { MailedCodes } from './mailed-codes.js'
import type { MailedSignIn } from './mailed-sign-in.js'

/** Somebody whose codes have somewhere to go. */
export type AwaitingCode = OnTheWayIn<MailedSignIn & { address: ValidEmail }>

export type CodeEntranceParts = { stepEntrance: Pick<StepEntrance, 'enter'>; mailedCodes: MailedCodes }

/** The way into the pages about mailed codes. */
export class CodeEntrance {
  readonly #parts: CodeEntranceParts

  constructor(parts: CodeEntranceParts) {
    this.#parts = parts
  }

  /** See `StepEntrance`. */
  async enter(req: FastifyRequest, reply: FastifyReply): Promise<OnTheWayIn<MailedSignIn> | null> {
    const { stepEntrance, mailedCodes } = this.#parts
    const onTheWay = await stepEntrance.enter(req, reply, 'emailCode')
    return onTheWay && { ...onTheWay, pending: await mailedCodes.look(onTheWay.pending) }
  }

  /** Like `enter`; whoever has no address that a code could go to is sent (303) to give one. */
  async enterForCode(req: FastifyRequest, reply: FastifyReply): Promise<AwaitingCode | null> {
    const onTheWay = await this.enter(req, reply)
    if (onTheWay === null) return null
    const { address } = onTheWay.pending
    if (address !== null) return { ...onTheWay, pending: { ...onTheWay.pending, address } }
    const path = stepPlace(purposeOf(onTheWay.pending), '/login/email')
    reply.redirect(signInAddress(path, onTheWay.redirectUrl), 303)
    return null
  }
}
