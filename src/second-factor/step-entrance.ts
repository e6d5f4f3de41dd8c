import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { Door } from '../sign-in/door.js'
import type { FarewellCookie } from '../sign-in/farewell-cookie.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { findMeant } from './find-meant.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import type { StepName } from './second-step-method.js'

/** Somebody who has still to take the second step, and where they are going. */
export type OnTheWayIn<Pending extends PendingSignIn = PendingSignIn> = {
  pending: Pending
  /** As asked for; empty when it was not. */ redirectUrl: string
  /** As it is sent. */ url: string
}

export type StepEntranceParts = {
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
  destinationReader: DestinationReader
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  door: Door
  farewellCookie: FarewellCookie
}

/** The way into the pages of a sign-in under way, for the browser where it began. */
export class StepEntrance {
  readonly #parts: StepEntranceParts

  constructor(parts: StepEntranceParts) {
    this.#parts = parts
  }

  /**
   * @param name what the page asks for
   * @returns null when they may not go there, which is answered then: by the main page for whom another one is meant, by the
   *   way on for whoever is signed in meanwhile, in another tab, and for everybody else by the login page, which says why
   * @throws DatabaseUnavailable
   */
  async enter(req: FastifyRequest, reply: FastifyReply, name: StepName): Promise<OnTheWayIn | null> {
    const { secondStepKeeper, pendingSignInCookie, destinationReader, refusedRedirectPageCreator, door } =
      this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      sendHtml(reply, 400, await refusedRedirectPageCreator.buildRefusedRedirectPage(destination.refusal))
      return null
    }
    const { address: redirectUrl, url } = destination
    const pending = await secondStepKeeper.find(pendingSignInCookie.read(req), null)
    if (pending !== null) return findMeant(req, reply, { pending, redirectUrl, url }, name)
    if ((await door.find(req, reply)) !== null) reply.redirect(url, 303)
    else this.turnAway(reply, redirectUrl)
    return null
  }

  /** Sends somebody back to the login page whose sign-in is over, and has that page say so. */
  turnAway(reply: FastifyReply, redirectUrl: string): FastifyReply {
    const { pendingSignInCookie, farewellCookie } = this.#parts
    pendingSignInCookie.erase(reply)
    farewellCookie.write(reply, { kind: 'signInOver' })
    return reply.redirect(signInAddress('/login', redirectUrl), 303)
  }
}
