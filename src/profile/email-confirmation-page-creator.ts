import { emailCodeArrival, emailCodeField } from '../email-codes/email-code-words.js'
import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDuration } from '../sign-in/word-duration.js'

/** Words and HTML of the page that takes the mailed code. */
export class EmailConfirmationPageCreator {
  readonly #view: View
  readonly #settings: { sendsMail: boolean; mailsPerHour: number }

  /**
   * @param settings whether letters go to a mail server, or to the log as at a first try, and how many codes are sent to
   *   one account
   */
  constructor(view: View, settings: { sendsMail: boolean; mailsPerHour: number }) {
    this.#view = view
    this.#settings = settings
  }

  /**
   * @param email where the code was sent
   * @param done what was just done, in words
   */
  buildEmailConfirmationPage(email: string, done: string | null): Promise<string> {
    return this.#build(email, null, done)
  }

  /** The page after a code that was not taken, with the reason in words. */
  buildWrongCodePage(email: string, problem: string): Promise<string> {
    return this.#build(email, { heading: 'This code was not taken', messages: { code: problem } })
  }

  /** The page after more codes were asked for than are sent. */
  buildTooManyCodesPage(email: string, retryAfterSeconds: number): Promise<string> {
    return this.#build(email, {
      heading: 'No further code for now',
      text:
        'Several have been sent to you, to this address or to your network already. The newest that reached you still ' +
        `counts. You can ask for another in ${wordDuration(retryAfterSeconds)}.`,
    })
  }

  /** The page when another account has taken the address while its code was on its way. */
  buildEmailUnavailablePage(email: string): Promise<string> {
    return this.#build(email, {
      heading: 'This e-mail address is taken',
      text: 'Another account has taken it meanwhile. Use another address.',
    })
  }

  #build(email: string, notice: Notice<'code'> | null, done: string | null = null): Promise<string> {
    const news = notice?.heading ?? done
    return this.#view('profile/email-confirmation', {
      title: news === null ? 'Confirm your e-mail address' : `${news} – confirm your e-mail address`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      done,
      email,
      field: emailCodeField,
      arrival: emailCodeArrival,
      ...this.#settings,
    })
  }
}
