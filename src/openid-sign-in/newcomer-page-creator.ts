import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import type { RegisterForm, RegisterProblem } from '../sign-in/register-req.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { wordRegisterProblem } from '../sign-in/word-register-problem.js'
import { wordRegisterRefusal, type RegisterRefusal } from '../sign-in/word-register-refusal.js'

export type NewcomerPageSettings = {
  /** Of the other service. */ name: string
  /** See `RegisterPageSettings`. */ isEmailNeeded: boolean
}

/** As it was typed, or is suggested. */
export type NewcomerForm = RegisterForm & {
  /** What the other service calls them; empty when it is not known. */ cameAs: string
}

/** Words and HTML of the page on which somebody who is new here chooses a username. It knows no HTTP and decides nothing. */
export class NewcomerPageCreator {
  readonly #view: View
  readonly #settings: NewcomerPageSettings

  constructor(view: View, settings: NewcomerPageSettings) {
    this.#view = view
    this.#settings = settings
  }

  /** The page as it is first seen. */
  buildNewcomerPage(form: NewcomerForm): Promise<string> {
    return this.#build(form)
  }

  /** The page with what is wrong beside each field. */
  buildNewcomerErrorPage(form: NewcomerForm, problems: readonly RegisterProblem[]): Promise<string> {
    const messages = Object.fromEntries(
      problems.map((problem) => [problem.field, wordRegisterProblem(problem)]),
    )
    return this.#build(form, { heading: 'Please check what you entered', messages })
  }

  /** The page for a name or an address that is another account's. */
  buildUnavailablePage(form: NewcomerForm, refusal: RegisterRefusal): Promise<string> {
    return this.#build(form, wordRegisterRefusal(refusal))
  }

  #build(form: NewcomerForm, notice: Notice<RegisterProblem['field']> | null = null): Promise<string> {
    return this.#view('openid-sign-in/newcomer', {
      title: notice === null ? 'Choose a username' : `${notice.heading} – choose a username`,
      notice,
      messages: notice?.messages ?? {},
      ...this.#settings,
      newcomerUrl: signInAddress('/login/openid/username', form.redirectUrl),
      loginUrl: signInAddress('/login', signInAddress('/profile/openid', form.redirectUrl)),
      ...form,
    })
  }
}
