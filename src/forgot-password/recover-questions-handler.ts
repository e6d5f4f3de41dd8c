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
import type { GivenAnswers } from '../recovery/given-answers.js'
import { wordProofRefusal } from '../recovery/word-proof-refusal.js'
import { isReadableAnswer } from '../security-questions/is-readable-answer.js'
import type { OnTheWay, RecoveryEntrance } from './recovery-entrance.js'

export type RecoverQuestionsHandlerParts = {
  requestParser: RecoverRequestParser
  recoveryEntrance: RecoveryEntrance
  givenAnswers: GivenAnswers
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
    const { requestParser, givenAnswers, proofStep, questionPageCreator } = this.#parts
    const asked = await this.#enter(req, reply, number)
    if (asked === null) return reply
    const field = requestParser.parseProof(req, longestAnswer)
    const answer = field.kind === 'text' ? field.text : asked.answers[number - 1]
    const isKept = field.kind === 'invalid' && field.reason === 'missing' && answer !== undefined
    if (field.kind === 'invalid' && !isKept) {
      const html = await questionPageCreator.buildAnswerErrorPage(toForm(asked, number), field.reason)
      return sendHtml(reply, 400, html)
    }
    if (answer === undefined || !isReadableAnswer(answer)) {
      const notice = wordProofRefusal('questions', { kind: 'unreadable' })
      return sendHtml(reply, 400, await questionPageCreator.buildQuestionPage(toForm(asked, number), notice))
    }
    const { recovery, redirectUrl } = asked.onTheWay
    const answers = asked.answers.toSpliced(number - 1, 1, answer)
    if (number < questionCount) {
      await givenAnswers.keep(recovery, answers)
      return reply.redirect(signInAddress(path(number + 1), redirectUrl), 303)
    }
    const proof = { method: 'questions', typed: answers } as const
    return proofStep.take(req, reply, asked.onTheWay, proof, async (notice, kind) => {
      // Answers that were not looked at need not be given again; others nobody can come upon any more.
      const kept = kind === 'busy' ? answers : []
      await givenAnswers.keep(recovery, kept)
      // Which of them was wrong is not told, so it begins again with the first.
      return questionPageCreator.buildQuestionPage(toForm({ ...asked, answers: kept }, 1), notice)
    })
  }

  /** Somebody who may be asked this question; null when the browser has been answered already. */
  async #enter(req: FastifyRequest, reply: FastifyReply, number: number): Promise<Asked | null> {
    const onTheWay = await this.#parts.recoveryEntrance.enter(req, reply, 'proof')
    if (onTheWay === null) return null
    const { recovery, redirectUrl } = onTheWay
    const questions = await this.#parts.askedQuestions.of(recovery)
    const answers = this.#parts.givenAnswers.of(recovery)
    // The second and third only after those before them, whose answers may have been refused in another tab.
    if (questions !== null && number <= answers.length + 1) return { onTheWay, questions, answers }
    reply.redirect(signInAddress(questions === null ? '/recover/method' : path(1), redirectUrl), 303)
    return null
  }
}

type Asked = { onTheWay: OnTheWay; questions: readonly QuestionKey[]; answers: readonly string[] }

function toForm({ onTheWay, questions, answers }: Asked, number: number): QuestionForm {
  const { ticket, redirectUrl } = onTheWay
  const key = questions[number - 1]
  if (key === undefined) throw new Error(`there is no question ${number}`)
  return {
    number,
    question: securityQuestions[key],
    isAnswered: answers[number - 1] !== undefined,
    username: ticket.name,
    redirectUrl,
  }
}
