import type { AddressRefusal } from '../attempts/address-limit.js'
import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { notHereWords, overWords } from './over-words.js'
import type { TypedProblem } from './read-typed-field.js'
import type { BeginForm } from './recover-request-parser.js'
import type { RecoveryMethod } from '../recovery/recovery-method.js'
import { wordBeginRefusal } from './word-begin-refusal.js'
import { wordTypedProblem } from './word-typed-problem.js'

const ways: { [method in RecoveryMethod]: { label: string; hint: string } } = {
  passkey: {
    label: 'Recovery passkey',
    hint: 'The 24 letters and digits that you were shown once, to keep.',
  },
  email: { label: 'Code by e-mail', hint: 'We send it to the address that you have confirmed here.' },
  questions: { label: 'Security questions', hint: 'The three that you chose and answered in your profile.' },
}

/** Words and HTML of the pages before the proof: whose password it is, and which way back to take. It knows no HTTP. */
export class RecoverPageCreator {
  readonly #view: View
  readonly #hasWays: boolean

  /** @param settings whether this service offers any way back at all */
  constructor(view: View, settings: { hasWays: boolean }) {
    this.#view = view
    this.#hasWays = settings.hasWays
  }

  /** The page as it is first seen. */
  buildBeginPage(redirectUrl: string): Promise<string> {
    return this.#buildBegin({ username: '', redirectUrl })
  }

  /** The page for a name that cannot be used. */
  buildBeginErrorPage(form: BeginForm, reason: TypedProblem): Promise<string> {
    const username = wordTypedProblem('username or e-mail address', reason)
    return this.#buildBegin(form, { heading: 'Please check what you entered', messages: { username } })
  }

  /** The page for a name that nobody has, where that may be known. */
  buildUsernameNotFoundPage(form: BeginForm): Promise<string> {
    return this.#buildBegin(form, wordBeginRefusal({ kind: 'usernameNotFound' }, form.username))
  }

  /** The page when so many have begun from one network that nobody there may at the moment. */
  buildCooldownPage(form: BeginForm, refusal: AddressRefusal): Promise<string> {
    return this.#buildBegin(form, wordBeginRefusal(refusal, form.username))
  }

  /** The page of a recovery that is over. */
  buildOverPage(form: BeginForm): Promise<string> {
    return this.#buildOver(form, overWords)
  }

  /** The page for a browser that shows no recovery, whether it has begun none or has kept none. */
  buildNotHerePage(form: BeginForm): Promise<string> {
    return this.#buildOver(form, notHereWords)
  }

  /** The page of the ways that are offered; of none, when the account has none. */
  buildMethodPage(form: BeginForm, methods: readonly RecoveryMethod[]): Promise<string> {
    return this.#view('forgot-password/method', {
      ...wordMethodPage(methods, this.#hasWays),
      ways: methods.map((method) => ({
        ...ways[method],
        // A mail is sent only by a form: links are followed by programs, too.
        isForm: method === 'email',
        url: signInAddress(
          method === 'email' ? '/recover/email/send' : `/recover/${method}`,
          form.redirectUrl,
        ),
      })),
      codeUrl: signInAddress('/recover/code', form.redirectUrl),
      ...addresses(form),
      ...form,
    })
  }

  #buildOver(form: BeginForm, words: { heading: string; text: string }): Promise<string> {
    return this.#view('forgot-password/over', {
      title: words.heading,
      ...words,
      ...addresses(form),
      ...form,
    })
  }

  #buildBegin(form: BeginForm, notice: Notice<'username'> | null = null): Promise<string> {
    return this.#view('forgot-password/begin', {
      title: notice === null ? 'Forgot your password?' : `${notice.heading} – forgot password`,
      notice,
      messages: notice?.messages ?? {},
      lead: this.#hasWays
        ? 'Tell us which account it is, and choose a way to show that it is yours. Then you can set a new password.'
        : 'Tell us which account it is. To set a new password you need a reset code, which whoever runs this service can give you.',
      ...addresses(form),
      ...form,
    })
  }
}

function wordMethodPage(methods: readonly RecoveryMethod[], hasWays: boolean) {
  if (methods.length > 0) return page('How can you show that it is you?', null)
  return hasWays
    ? page(
        'This account has no way back of its own',
        'It has no recovery passkey, no confirmed e-mail address and no security questions that could be used here. ' +
          'Ask whoever runs this service for a reset code.',
      )
    : page('You need a reset code', 'Ask whoever runs this service for one. There is no other way here.')
}

function page(heading: string, advice: string | null) {
  return { title: heading, heading, advice }
}

function addresses({ redirectUrl }: BeginForm) {
  return {
    beginUrl: signInAddress('/recover', redirectUrl),
    loginUrl: signInAddress('/login', redirectUrl),
  }
}
