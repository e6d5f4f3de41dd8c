import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { PasskeyReminder } from '../recovery-passkey/passkey-reminder.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import { parseQuestionsReq } from './parse-questions-req.js'
import type { QuestionsPageCreator } from './questions-page-creator.js'
import type { SecurityQuestionKeeper } from './security-question-keeper.js'

export type QuestionsHandlerParts = {
  door: Door
  passkeyReminder: PasskeyReminder
  sudoStep: SudoStep
  visitorReader: VisitorReader
  securityQuestionKeeper: SecurityQuestionKeeper
  questionsPageCreator: QuestionsPageCreator
}

const setPath = '/profile/questions'
const removePath = '/profile/questions/remove'

/** Where the owner of an account sets up its security questions, or removes them; the password is asked for again. */
export class QuestionsHandler {
  readonly #parts: QuestionsHandlerParts

  constructor(parts: QuestionsHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(setPath, (req, reply) => this.#showSetPage(req, reply))
    app.post(setPath, (req, reply) => this.#set(req, reply))
    app.get(removePath, (req, reply) => this.#showRemovePage(req, reply))
    app.post(removePath, (req, reply) => this.#remove(req, reply))
  }

  async #showSetPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { questionsPageCreator, securityQuestionKeeper } = this.#parts
    const signedIn = await this.#admit(req, reply, setPath)
    if (signedIn === null) return reply
    const setSince = await securityQuestionKeeper.setSince(signedIn.session.accountId)
    return sendHtml(
      reply,
      200,
      await questionsPageCreator.buildSetPage(await this.#describe(req, signedIn), setSince),
    )
  }

  async #set(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { sudoStep, visitorReader, securityQuestionKeeper, questionsPageCreator } = this.#parts
    const signedIn = await this.#admit(req, reply, setPath)
    if (signedIn === null) return reply
    const questionsReq = parseQuestionsReq(req.body)
    const { form } = questionsReq
    if (questionsReq.kind === 'invalid') {
      const state = await this.#describe(req, signedIn)
      return sendHtml(
        reply,
        400,
        await questionsPageCreator.buildSetErrorPage(state, form, questionsReq.problems),
      )
    }
    const passage = await sudoStep.pass(req, reply, signedIn, setPath)
    if (passage === null) return reply
    if (passage.kind === 'refused') {
      const { statusCode, notice } = passage
      const state = await this.#describe(req, signedIn)
      return sendHtml(reply, statusCode, await questionsPageCreator.buildSetRefusedPage(state, form, notice))
    }

    const { accountId } = signedIn.session
    const { questions, answers } = questionsReq
    const outcome = await securityQuestionKeeper.set(
      passage.signedIn,
      questions,
      answers,
      visitorReader.read(req, reply),
    )
    switch (outcome.kind) {
      case 'busy': {
        reply.header('retry-after', outcome.retryAfterSeconds)
        const state = await this.#describe(req, passage.signedIn)
        return sendHtml(
          reply,
          503,
          await questionsPageCreator.buildBusyPage(state, form, outcome.retryAfterSeconds),
        )
      }
      case 'sessionOver':
        return reply.redirect(setPath, 303)
      case 'set':
        req.log.info({ accountId }, 'security questions set')
        return reply.redirect('/profile?notice=securityQuestionsSet', 303)
    }
  }

  async #showRemovePage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { questionsPageCreator, securityQuestionKeeper } = this.#parts
    const signedIn = await this.#admit(req, reply, removePath)
    if (signedIn === null) return reply
    const setSince = await securityQuestionKeeper.setSince(signedIn.session.accountId)
    if (setSince === null) return reply.redirect(setPath, 303)
    return sendHtml(
      reply,
      200,
      await questionsPageCreator.buildRemovePage(await this.#describe(req, signedIn)),
    )
  }

  async #remove(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { sudoStep, visitorReader, securityQuestionKeeper, questionsPageCreator } = this.#parts
    const signedIn = await this.#admit(req, reply, removePath)
    if (signedIn === null) return reply
    const passage = await sudoStep.pass(req, reply, signedIn, removePath)
    if (passage === null) return reply
    if (passage.kind === 'refused') {
      const { statusCode, notice } = passage
      const state = await this.#describe(req, signedIn)
      return sendHtml(reply, statusCode, await questionsPageCreator.buildRemovePage(state, notice))
    }
    const { accountId } = signedIn.session
    if (!(await securityQuestionKeeper.remove(passage.signedIn, visitorReader.read(req, reply))))
      return reply.redirect(removePath, 303)
    req.log.info({ accountId }, 'security questions removed')
    return reply.redirect('/profile?notice=securityQuestionsRemoved', 303)
  }

  /** Null when the browser has been sent elsewhere: to sign in, or to save its recovery passkey first. */
  async #admit(req: FastifyRequest, reply: FastifyReply, path: string): Promise<SignedIn | null> {
    const signedIn = await this.#parts.door.admit(req, reply, path)
    if (signedIn === null) return null
    const detour = await this.#parts.passkeyReminder.detour(signedIn, path)
    if (detour === null) return signedIn
    reply.redirect(detour, 303)
    return null
  }

  async #describe(req: FastifyRequest, signedIn: SignedIn) {
    const isPasswordNeeded = await this.#parts.sudoStep.isPasswordNeeded(req, signedIn)
    return { username: signedIn.session.username, isPasswordNeeded }
  }
}
