import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import { appAt } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import type { SessionStarter } from '../sign-in/session-starter.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { CodeEntrance, AwaitingCode } from './code-entrance.js'
import type { CodePageCreator } from './code-page-creator.js'
import { logCode } from './log-code.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { CodeState, SecondStepKeeper } from './second-step-keeper.js'
import { codeStatuses, wordCodeRefusal } from './word-code-refusal.js'
import { wordUnsent } from './word-unsent.js'

export type CodeHandlerParts = {
  codeEntrance: CodeEntrance
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
  sessionStarter: SessionStarter
  visitorReader: VisitorReader
  codePageCreator: CodePageCreator
  now: () => Date
}

const expired: Notice<'code'> = {
  heading: 'The code has expired',
  text: 'Your password was right. Send a new code to go on.',
  isNews: true,
}

/** Takes the code at sign-in, after the password and before the session. */
export class CodeHandler {
  readonly #parts: CodeHandlerParts

  constructor(parts: CodeHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/login/code', (req, reply) => this.#showPage(req, reply))
    app.post('/login/code', (req, reply) => this.#signIn(req, reply))
    app.post('/login/code/send', (req, reply) => this.#sendAgain(req, reply))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const onTheWay = await this.#parts.codeEntrance.enterForCode(req, reply)
    if (onTheWay === null) return reply
    const code = await this.#parts.secondStepKeeper.findCode(onTheWay.pending)
    const page = await this.#buildPage(onTheWay, code, this.#wordState(onTheWay, code), false)
    return sendHtml(reply, 200, page)
  }

  async #signIn(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { codeEntrance, secondStepKeeper, pendingSignInCookie, sessionStarter, visitorReader } = this.#parts
    const onTheWay = await codeEntrance.enterForCode(req, reply)
    if (onTheWay === null) return reply
    const { pending, redirectUrl, url } = onTheWay
    const typed = readFormField(req.body, 'code')
    const isTrustWanted = readFormField(req.body, 'trust').kind === 'text'
    const visitor = visitorReader.read(req, reply)
    const outcome = await secondStepKeeper.prove(
      pending,
      typed.kind === 'text' ? typed.text : '',
      isTrustWanted,
      visitor,
    )
    if (outcome.kind !== 'right') {
      logCode(req, pending, outcome)
      if ('retryAfterSeconds' in outcome) reply.header('retry-after', outcome.retryAfterSeconds)
      const code = await secondStepKeeper.findCode(pending)
      const page = await this.#buildPage(onTheWay, code, wordCodeRefusal(outcome), isTrustWanted)
      return sendHtml(reply, codeStatuses[outcome.kind], page)
    }
    const session = await sessionStarter.start(req, outcome.person, visitor)
    if (session === null) return codeEntrance.turnAway(reply, redirectUrl)
    const way = await sessionStarter.findWay(pending.account, url, redirectUrl)
    await secondStepKeeper.finish(pending)
    pendingSignInCookie.erase(reply)
    sessionStarter.handOver(reply, session)
    return reply.redirect(way, 303)
  }

  /** What came of it is shown by a page of its own, so that reloading it sends no further mail. */
  async #sendAgain(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { codeEntrance, secondStepKeeper, visitorReader } = this.#parts
    const onTheWay = await codeEntrance.enterForCode(req, reply)
    if (onTheWay === null) return reply
    await secondStepKeeper.sendAgain(onTheWay.pending, visitorReader.read(req, reply))
    return reply.redirect(signInAddress('/login/code', onTheWay.redirectUrl), 303)
  }

  #wordState({ pending }: AwaitingCode, code: CodeState | null): Notice<'code'> | null {
    if (pending.unsent !== null) return wordUnsent(pending.unsent, this.#parts.now())
    // Long after it has expired a code is swept away.
    return code !== null && code.secondsLeft > 0 ? null : expired
  }

  #buildPage(
    { pending, redirectUrl, url }: AwaitingCode,
    code: CodeState | null,
    notice: Notice<'code'> | null,
    isTrustWanted: boolean,
  ): Promise<string> {
    const { account, address, isAddressConfirmed } = pending
    const { username } = account
    const form = {
      username,
      address: address.email,
      isAddressConfirmed,
      redirectUrl,
      app: appAt(url),
      isTrustWanted,
    }
    return this.#parts.codePageCreator.buildCodePage(form, code, notice)
  }
}
