import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ValidEmail } from '../email-codes/address-claim.js'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { Door } from '../sign-in/door.js'
import type { FarewellCookie } from '../sign-in/farewell-cookie.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { SecondStepKeeper } from './second-step-keeper.js'

/** Somebody who has still to enter a code, and where they are going. */
export type OnTheWayIn = {
  pending: PendingSignIn
  /** As asked for; empty when it was not. */ redirectUrl: string
  /** As it is sent. */ url: string
}

/** The same, whose codes have somewhere to go. */
export type AwaitingCode = OnTheWayIn & { pending: { address: ValidEmail } }

export type CodeEntranceParts = {
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
  destinationReader: DestinationReader
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  door: Door
  farewellCookie: FarewellCookie
}

/** The way into the pages of a sign-in under way, for the browser where it began. */
export class CodeEntrance {
  readonly #parts: CodeEntranceParts

  constructor(parts: CodeEntranceParts) {
    this.#parts = parts
  }

  /**
   * @returns null when they may not go there, which is answered then: by the way on for whoever is signed in meanwhile, in
   *   another tab, and by the login page for everybody else
   * @throws DatabaseUnavailable
   */
  async enter(req: FastifyRequest, reply: FastifyReply): Promise<OnTheWayIn | null> {
    const { secondStepKeeper, pendingSignInCookie, destinationReader, refusedRedirectPageCreator, door } =
      this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      sendHtml(reply, 400, await refusedRedirectPageCreator.buildRefusedRedirectPage(destination.refusal))
      return null
    }
    const { address: redirectUrl, url } = destination
    const token = pendingSignInCookie.read(req)
    const pending = await secondStepKeeper.find(token)
    if (pending !== null) {
      // A page of a sign-in that was begun before in this browser, as somebody else.
      if (!isMeant(req, pending)) reply.redirect(signInAddress('/login/code', redirectUrl), 303)
      return isMeant(req, pending) ? { pending, redirectUrl, url } : null
    }
    if ((await door.find(req, reply)) !== null) reply.redirect(url, 303)
    else if (token === null) reply.redirect(signInAddress('/login', redirectUrl), 303)
    else this.turnAway(reply, redirectUrl)
    return null
  }

  /** Like `enter`; whoever has no address that a code could go to is sent (303) to give one. */
  async enterForCode(req: FastifyRequest, reply: FastifyReply): Promise<AwaitingCode | null> {
    const onTheWay = await this.enter(req, reply)
    if (onTheWay === null) return null
    const { address } = onTheWay.pending
    if (address !== null) return { ...onTheWay, pending: { ...onTheWay.pending, address } }
    reply.redirect(signInAddress('/login/email', onTheWay.redirectUrl), 303)
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

function isMeant(req: FastifyRequest, { account }: PendingSignIn): boolean {
  const field = readFormField(req.body, 'username')
  return field.kind !== 'text' || field.text === account.username
}
