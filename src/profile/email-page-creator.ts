import { wordEmailProblem, type EmailProblem } from '../accounts/word-email-problem.js'
import type { EmailStanding } from '../accounts/email-standing.js'
import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDuration } from '../sign-in/word-duration.js'
import { emailTags } from './email-tags.js'

export type EmailForm = {
  username: string
  /** The address the account has now. */
  email: string | null
  standing: EmailStanding
  /** The address to which this browser has had a code sent that was not typed yet. */
  pending: string | null
  typed: string
  isPasswordNeeded: boolean
}

type Field = 'email' | 'currentPassword'

/** Words and HTML of the page where people give an e-mail address, or another one. */
export class EmailPageCreator {
  readonly #view: View
  readonly #hint: string

  /** @param settings whether a forgotten password can be replaced by means of a mailed code */
  constructor(view: View, settings: { recoversByEmail: boolean }) {
    this.#view = view
    this.#hint = settings.recoversByEmail
      ? 'You can sign in with it, and it lets you set a new password if you forget yours. Apps see it once it is confirmed.'
      : 'You can sign in with it instead of your username. Apps see it once it is confirmed.'
  }

  buildEmailPage(form: EmailForm): Promise<string> {
    return this.#build(form)
  }

  /** The page with what is wrong with the address. */
  buildEmailErrorPage(form: EmailForm, problem: EmailProblem): Promise<string> {
    return this.buildRefusedEmailPage(form, {
      heading: 'Please check what you entered',
      messages: { email: wordEmailProblem(problem) },
    })
  }

  /** The page for an address that another account has. */
  buildEmailUnavailablePage(form: EmailForm): Promise<string> {
    return this.buildRefusedEmailPage(form, {
      heading: 'This e-mail address is taken',
      messages: { email: 'Another account has it. Enter one that is yours alone.' },
    })
  }

  /** The page after more codes were asked for than are sent. */
  buildTooManyCodesPage(form: EmailForm, retryAfterSeconds: number): Promise<string> {
    return this.buildRefusedEmailPage(form, {
      heading: 'No further code for now',
      text: `Several codes have been sent to you, to this address or to your network already. You can ask for another in ${wordDuration(retryAfterSeconds)}.`,
    })
  }

  /** The page when the password was asked for and is not right, or cannot be looked at now. */
  buildRefusedEmailPage(form: EmailForm, notice: Notice<Field>): Promise<string> {
    return this.#build(form, notice)
  }

  #build(form: EmailForm, notice: Notice<Field> | null = null): Promise<string> {
    return this.#view('profile/email', {
      title: notice === null ? 'Your e-mail address' : `${notice.heading} – your e-mail address`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      hint: this.#hint,
      tag: emailTags[form.standing],
      ...form,
    })
  }
}
