import type { DisplayNameOutcome } from '../accounts/parse-display-name.js'
import type { View } from '../http/view.js'
import type { App } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import { onwardAddress } from '../sign-in/onward-address.js'

/** `app` is where somebody goes from here. */
export type DisplayNameForm = { username: string; app: App | null; displayName: string }

export type DisplayNameProblem =
  | Exclude<DisplayNameOutcome, { kind: 'valid' } | { kind: 'empty' }>
  | { kind: 'repeated' }

/** Words and HTML of the page where people say how they want to be called. */
export class DisplayNamePageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  buildDisplayNamePage(form: DisplayNameForm): Promise<string> {
    return this.#build(form)
  }

  /** The page with what is wrong with the name. */
  buildDisplayNameErrorPage(form: DisplayNameForm, problem: DisplayNameProblem): Promise<string> {
    return this.#build(form, {
      heading: 'Please check what you entered',
      messages: { displayName: wordProblem(problem) },
    })
  }

  #build(form: DisplayNameForm, notice: Notice<'displayName'> | null = null): Promise<string> {
    return this.#view('profile/display-name', {
      title: notice === null ? 'Your name' : `${notice.heading} – your name`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      profileUrl: onwardAddress('/profile', form.app),
      saveUrl: onwardAddress('/profile/edit', form.app),
      ...form,
    })
  }
}

function wordProblem(problem: DisplayNameProblem): string {
  switch (problem.kind) {
    case 'tooLong':
      return `A display name has at most ${problem.maximum} characters.`
    case 'unreadable':
      return 'This name holds a character that cannot be shown. Type it instead of pasting it.'
    case 'repeated':
      return 'The form held more than one name. Enter it once.'
  }
}
