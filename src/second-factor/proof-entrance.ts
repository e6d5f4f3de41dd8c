import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OnwardDoor } from '../sign-in/onward-door.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import { confirmAnewAddress, confirmPath } from '../sudo-mode/confirm-address.js'
import type { SudoMode } from '../sudo-mode/sudo-mode.js'
import { findMeant } from './find-meant.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import type { StepName } from './second-step-method.js'
import type { OnTheWayIn, StepEntrance } from './step-entrance.js'

export type ProofEntranceParts = {
  secondStepKeeper: SecondStepKeeper
  /** Of proofs. */ pendingSignInCookie: PendingSignInCookie
  onwardDoor: OnwardDoor
  visitorReader: VisitorReader
  sudoMode: SudoMode
}

/** The way into the pages of a second step that proves again who one is, for the browser and the session where it began. */
export class ProofEntrance implements Pick<StepEntrance, 'enter'> {
  readonly #parts: ProofEntranceParts

  constructor(parts: ProofEntranceParts) {
    this.#parts = parts
  }

  /**
   * @param name what the page asks for
   * @returns null when they may not go there, which is answered then: by the main page for whom another one is meant, by the
   *   way on for who has proved it meanwhile, in another tab, and by the page where it begins for everybody else
   * @throws DatabaseUnavailable
   */
  async enter(req: FastifyRequest, reply: FastifyReply, name: StepName): Promise<OnTheWayIn | null> {
    const { secondStepKeeper, pendingSignInCookie, onwardDoor, visitorReader, sudoMode } = this.#parts
    const visit = await onwardDoor.admit(req, reply, confirmPath)
    if (visit === null) return null
    const { signedIn, address: redirectUrl, url } = visit
    const pending = await secondStepKeeper.find(pendingSignInCookie.read(req), signedIn.session.id)
    if (pending !== null) return findMeant(req, reply, { pending, redirectUrl, url }, name)
    const { deviceToken } = visitorReader.read(req, reply)
    if (await sudoMode.isProved(signedIn, deviceToken)) reply.redirect(url, 303)
    else reply.redirect(confirmAnewAddress(redirectUrl), 303)
    return null
  }
}
