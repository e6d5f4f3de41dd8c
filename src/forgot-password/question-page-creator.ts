import type { View } from '../http/view.js'
import { questionCount } from '../security-questions/security-questions.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { TypedProblem } from './read-typed-field.js'
import type { BeginForm } from './recover-request-parser.js'
import { wordTypedProblem } from './word-typed-problem.js'

/** A question as it is shown; what was answered is never shown again. */
export type QuestionForm = BeginForm & { number: number; question: string; isAnswered: boolean }

/** Words and HTML of the pages that ask one security question each. It knows no HTTP and decides nothing. */
export class QuestionPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** @param notice why the answers before were not taken; null for the page as it is first seen */
  buildQuestionPage(form: QuestionForm, notice: Notice<'proof'> | null = null): Promise<string> {
    const { number, redirectUrl, isAnswered } = form
    const heading = `Question ${number} of ${questionCount}`
    const url = (path: '/recover/method' | `/recover/questions/${number}`) => signInAddress(path, redirectUrl)
    return this.#view('forgot-password/question', {
      title: notice === null ? heading : `${notice.heading} – forgot password`,
      heading,
      notice,
      messages: notice?.messages ?? {},
      hint: isAnswered
        ? 'You have answered this one. Leave it empty to keep that answer.'
        : 'Capitals, accents, spaces and punctuation do not matter.',
      isLast: number === questionCount,
      answerUrl: url(`/recover/questions/${number}`),
      previousUrl: number === 1 ? null : url(`/recover/questions/${number - 1}`),
      methodUrl: url('/recover/method'),
      ...form,
    })
  }

  /** The page with what is wrong beside the field. */
  buildAnswerErrorPage(form: QuestionForm, reason: TypedProblem): Promise<string> {
    const proof = wordTypedProblem('answer', reason)
    return this.buildQuestionPage(form, { heading: 'Please check what you entered', messages: { proof } })
  }
}
