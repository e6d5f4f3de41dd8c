import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import { longestAnswer } from '../security-questions/judge-answers.js'
import {
  questionCount,
  securityQuestions,
  type QuestionKey,
} from '../security-questions/security-questions.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { AskedQuestions } from '../recovery/asked-questions.js'
import type { ProofStep } from './proof-step.js'
import type { QuestionForm, QuestionPageCreator } from './question-page-creator.js'
import type { RecoverRequestParser } from './recover-request-parser.js'
import type { RecoveryCookie } from '../recovery/recovery-cookie.js'
import type { OnTheWay, RecoveryEntrance } from './recovery-entrance.js'

export type RecoverQuestionsHandlerParts = {
  requestParser: RecoverRequestParser
  recoveryEntrance: RecoveryEntrance
  recoveryCookie: RecoveryCookie
  askedQuestions: AskedQuestions
  proofStep: ProofStep
  questionPageCreator: QuestionPageCreator
}

const path = (number: number) => `/recover/questions/${number}` as const

/** The way back by security questions: one at a time, each on a page of its own, checked together after the last. */
export class RecoverQuestionsHandler {
  readonly #parts: RecoverQuestionsHandlerParts

  constructor(parts: RecoverQuestionsHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/recover/questions', (req, reply) => this.#showQuestion(req, reply, 1))
    for (let number = 1; number <= questionCount; number++) {
      app.get(path(number), (req, reply) => this.#showQuestion(req, reply, number))
      app.post(path(number), (req, reply) => this.#answer(req, reply, number))
    }
  }

  async #showQuestion(req: FastifyRequest, reply: FastifyReply, number: number): Promise<FastifyReply> {
    const asked = await this.#enter(req, reply, number)
    if (asked === null) return reply
    return sendHtml(
      reply,
      200,
      await this.#parts.questionPageCreator.buildQuestionPage(toForm(asked, number)),
    )
  }

  async #answer(req: FastifyRequest, reply: FastifyReply, number: number): Promise<FastifyReply> {
    const { requestParser, recoveryCookie, proofStep, questionPageCreator } = this.#parts
    const asked = await this.#enter(req, reply, number)
    if (asked === null) return reply
    const field = requestParser.parseProof(req, longestAnswer)
    if (field.kind === 'invalid') {
      const html = await questionPageCreator.buildAnswerErrorPage(toForm(asked, number), field.reason)
      return sendHtml(reply, 400, html)
    }
    const { ticket, redirectUrl } = asked.onTheWay
    const answers = ticket.answers.toSpliced(number - 1, 1, field.text)
    if (number < questionCount) {
      recoveryCookie.write(reply, { ...ticket, answers })
      return reply.redirect(signInAddress(path(number + 1), redirectUrl), 303)
    }
    // Which of them was wrong is not told, so it begins again with the first.
    return proofStep.take(req, reply, asked.onTheWay, { method: 'questions', typed: answers }, (notice) =>
      questionPageCreator.buildQuestionPage(toForm(asked, 1), notice),
    )
  }

  /** Somebody who may be asked this question; null when the browser has been answered already. */
  async #enter(req: FastifyRequest, reply: FastifyReply, number: number): Promise<Asked | null> {
    const onTheWay = await this.#parts.recoveryEntrance.enter(req, reply, 'proof')
    if (onTheWay === null) return null
    const { recovery, ticket, redirectUrl } = onTheWay
    const questions = await this.#parts.askedQuestions.of(recovery)
    // The second and third only after those before them, whose answers may be gone with an old cookie.
    if (questions !== null && number <= ticket.answers.length + 1) return { onTheWay, questions }
    reply.redirect(signInAddress(questions === null ? '/recover/method' : path(1), redirectUrl), 303)
    return null
  }
}

type Asked = { onTheWay: OnTheWay; questions: readonly QuestionKey[] }

function toForm({ onTheWay, questions }: Asked, number: number): QuestionForm {
  const { ticket, redirectUrl } = onTheWay
  const key = questions[number - 1]
  if (key === undefined) throw new Error(`there is no question ${number}`)
  return {
    number,
    question: securityQuestions[key],
    answer: ticket.answers[number - 1] ?? '',
    username: ticket.name,
    redirectUrl,
  }
}
