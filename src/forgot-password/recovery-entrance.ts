import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { RecoverPageCreator } from './recover-page-creator.js'
import type { RecoverRequestParser } from './recover-request-parser.js'
import type { RecoveryCookie, RecoveryTicket } from '../recovery/recovery-cookie.js'
import type { RecoveryKeeper } from '../recovery/recovery-keeper.js'
import type { Recovery } from '../recovery/recovery-store.js'

/** The choice of a way comes right after the name was given. */
export type RecoveryStage = 'choice' | 'proof' | 'reset'

/** Somebody who is on the way back into an account, at one of its steps. */
export type OnTheWay = { recovery: Recovery; ticket: RecoveryTicket; redirectUrl: string }

export type RecoveryEntranceParts = {
  destinationReader: DestinationReader
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  requestParser: RecoverRequestParser
  recoveryCookie: RecoveryCookie
  recoveryKeeper: RecoveryKeeper
  recoverPageCreator: RecoverPageCreator
}

/** Finds out whether this browser is on the way back into an account, before every step but the first. */
export class RecoveryEntrance {
  readonly #parts: RecoveryEntranceParts

  constructor(parts: RecoveryEntranceParts) {
    this.#parts = parts
  }

  /**
   * @returns null when the browser has been answered already: sent to the stage where it is, or told to begin again
   * @throws DatabaseUnavailable
   */
  async enter(req: FastifyRequest, reply: FastifyReply, stage: RecoveryStage): Promise<OnTheWay | null> {
    const { destinationReader, refusedRedirectPageCreator, requestParser } = this.#parts
    const { recoveryCookie, recoveryKeeper } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      sendHtml(reply, 400, await refusedRedirectPageCreator.buildRefusedRedirectPage(destination.refusal))
      return null
    }
    const redirectUrl = destination.address
    const ticket = recoveryCookie.read(req)
    // Who has just given a name and comes without a cookie is told so; to be asked for the name again would puzzle.
    if (ticket === null && req.method !== 'POST' && stage !== 'choice') {
      reply.redirect(signInAddress('/recover', redirectUrl), 303)
      return null
    }
    const recovery = await recoveryKeeper.find(ticket?.token ?? null, requestParser.parseName(req))
    if (ticket === null || recovery === null) {
      await this.sendOver(req, reply, redirectUrl)
      return null
    }
    const isProved = recovery.provedBy !== null
    if (isProved === (stage === 'reset')) return { recovery, ticket, redirectUrl }
    reply.redirect(signInAddress(isProved ? '/recover/reset' : '/recover/method', redirectUrl), 303)
    return null
  }

  /** Says that the recovery is over, and offers to begin again with the same name. */
  async sendOver(req: FastifyRequest, reply: FastifyReply, redirectUrl: string): Promise<FastifyReply> {
    const { requestParser, recoveryCookie, recoverPageCreator } = this.#parts
    const ticket = recoveryCookie.read(req)
    const form = { username: requestParser.parseName(req) ?? ticket?.name ?? '', redirectUrl }
    const page =
      ticket === null ? recoverPageCreator.buildNotHerePage(form) : recoverPageCreator.buildOverPage(form)
    return sendHtml(reply, 410, await page)
  }
}
