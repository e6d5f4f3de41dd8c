import { readFormField, type FormField } from '../http/form-field.js'
import { judgeAnswers } from './judge-answers.js'
import type { FieldRefusal, QuestionNumber, QuestionsProblem, QuestionsReq } from './questions-req.js'
import { isQuestionKey, securityQuestions } from './security-questions.js'

const numbers: readonly QuestionNumber[] = [1, 2, 3]

/**
 * Reads the form in which somebody chooses and answers three questions.
 *
 * @param body `request.body`, of whatever shape the client chose
 */
export function parseQuestionsReq(body: unknown): QuestionsReq {
  const questions = numbers.map((number) => readFormField(body, `question${number}`))
  const answers = numbers.map((number) => readFormField(body, `answer${number}`))
  const chosen = numbers.map((_, index) => ({
    question: textOf(questions[index]),
    answer: textOf(answers[index]),
  }))
  const refusals = judgeAnswers(
    chosen.map(({ question, answer }) => ({ question: wordQuestion(question), answer })),
  )

  const problems: QuestionsProblem[] = []
  for (const [index, number] of numbers.entries()) {
    const before = chosen.slice(0, index).map(({ question }) => question)
    const question = refuseMangled(questions[index]) ?? judgeQuestion(textOf(questions[index]), before)
    if (question !== null) problems.push({ field: `question${number}`, refusal: question })
    const answer = refuseMangled(answers[index]) ?? refusals[index] ?? null
    if (answer !== null) problems.push({ field: `answer${number}`, refusal: answer })
  }
  const form = { chosen }
  if (problems.length > 0) return { kind: 'invalid', problems, form }
  return {
    kind: 'valid',
    questions: chosen.map(({ question }) => question).filter(isQuestionKey),
    answers: chosen.map(({ answer }) => answer),
    form,
  }
}

function judgeQuestion(key: string, before: readonly string[]) {
  if (!isQuestionKey(key)) return { kind: 'missing' } as const
  return before.includes(key) ? ({ kind: 'chosenTwice' } as const) : null
}

function refuseMangled(field: FormField | undefined): FieldRefusal | null {
  return field?.kind === 'repeated' || field?.kind === 'unreadable' ? field : null
}

function textOf(field: FormField | undefined): string {
  return field?.kind === 'text' ? field.text : ''
}

function wordQuestion(key: string): string {
  return isQuestionKey(key) ? securityQuestions[key] : ''
}
