import type { AnswerRefusal } from './judge-answers.js'
import type { QuestionKey } from './security-questions.js'

export type FieldRefusal = { kind: 'repeated' } | { kind: 'unreadable' }

/** `1` to `3`, as in the names of the fields. */
export type QuestionNumber = 1 | 2 | 3

export type QuestionsProblem =
  | {
      field: `question${QuestionNumber}`
      refusal: { kind: 'missing' } | { kind: 'chosenTwice' } | FieldRefusal
    }
  | { field: `answer${QuestionNumber}`; refusal: AnswerRefusal | FieldRefusal }

/** What was chosen and typed, to be shown again; empty where it cannot be. */
export type QuestionsForm = { chosen: { question: string; answer: string }[] }

/** The form of the three questions, read. */
export type QuestionsReq =
  | { kind: 'valid'; questions: QuestionKey[]; answers: string[]; form: QuestionsForm }
  | { kind: 'invalid'; problems: QuestionsProblem[]; form: QuestionsForm }
