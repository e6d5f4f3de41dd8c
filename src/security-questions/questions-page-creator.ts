import type { View } from '../http/view.js'
import { busyWords } from '../sign-in/busy-words.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDay } from '../sign-in/word-day.js'
import type { QuestionsForm, QuestionsProblem } from './questions-req.js'
import { questionCount, securityQuestions } from './security-questions.js'
import { wordQuestionsProblem } from './word-questions-problem.js'

/** Whose page it is, and whether it has to ask for the password. */
export type PageState = { username: string; isPasswordNeeded: boolean }

type Field = QuestionsProblem['field'] | 'currentPassword'

/** Words and HTML of the pages on which security questions are set up and removed. It knows no HTTP and decides nothing. */
export class QuestionsPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** @param setSince since when the account has questions; null when it has none */
  buildSetPage(state: PageState, setSince: Date | null): Promise<string> {
    return this.#build(state, { chosen: [] }, null, setSince)
  }

  /** The page with what is wrong beside each field. */
  buildSetErrorPage(
    state: PageState,
    form: QuestionsForm,
    problems: readonly QuestionsProblem[],
  ): Promise<string> {
    const messages = Object.fromEntries(
      problems.map((problem) => [problem.field, wordQuestionsProblem(problem)]),
    )
    return this.#build(state, form, { heading: 'Please check what you entered', messages })
  }

  /** The page when the password was not taken. */
  buildSetRefusedPage(
    state: PageState,
    form: QuestionsForm,
    notice: Notice<'currentPassword'>,
  ): Promise<string> {
    return this.#build(state, form, notice)
  }

  /** The page when so many people sign in that this one has to wait; nothing was changed. */
  buildBusyPage(state: PageState, form: QuestionsForm, retryAfterSeconds: number): Promise<string> {
    return this.#build(state, form, { heading: 'Just a moment, please', text: busyWords(retryAfterSeconds) })
  }

  /** @param notice why the password was not taken; null for the page as it is first seen */
  buildRemovePage(state: PageState, notice: Notice<'currentPassword'> | null = null): Promise<string> {
    return this.#view('security-questions/remove', {
      title: notice === null ? 'Remove your security questions?' : `${notice.heading} – security questions`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      ...state,
    })
  }

  #build(
    state: PageState,
    { chosen }: QuestionsForm,
    notice: Notice<Field> | null,
    setSince: Date | null = null,
  ): Promise<string> {
    return this.#view('security-questions/set', {
      title: notice === null ? 'Security questions' : `${notice.heading} – security questions`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      setSince: setSince === null ? null : wordDay(setSince),
      options: Object.entries(securityQuestions).map(([value, label]) => ({ value, label })),
      entries: Array.from({ length: questionCount }, (_, index) => ({
        number: index + 1,
        question: chosen[index]?.question ?? '',
        answer: chosen[index]?.answer ?? '',
      })),
      ...state,
    })
  }
}
