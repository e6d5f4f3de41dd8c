import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import type { Visit } from '../sign-in/onward-door.js'
import { onwardAddress } from '../sign-in/onward-address.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { wordDay } from '../sign-in/word-day.js'
import type { OpenedPasskey } from './recovery-passkey-keeper.js'

/** A passkey for its owner, and where they go from there, as asked for. */
export type PasskeyPage = OpenedPasskey & { username: string; redirectUrl: string }

/** Who is asked for the password, and where they go from there, as asked for. */
export type WaitingForm = { username: string; redirectUrl: string }

/** Where its owner goes afterwards. */
type Onward = Pick<Visit, 'url' | 'app'>

/** Words and HTML around a recovery passkey. It knows no HTTP. */
export class RecoveryPasskeyPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** The page that asks for the password before it shows the passkey. */
  buildWaitingPage(form: WaitingForm): Promise<string> {
    return this.#buildWaiting(form, null)
  }

  /** The page when the password was not accepted. */
  buildWaitingErrorPage(form: WaitingForm, notice: Notice<'currentPassword'>): Promise<string> {
    return this.#buildWaiting(form, notice)
  }

  /** The page that shows a passkey until it is saved. */
  buildPasskeyPage(page: PasskeyPage): Promise<string> {
    return this.#build(page, null)
  }

  /** The page when the passkey that was said to be saved is another than this one. */
  buildNewerPasskeyPage(page: PasskeyPage): Promise<string> {
    return this.#build(page, {
      heading: 'This is a newer recovery passkey',
      text:
        'After the one you have just saved, another was made in a different window or browser. Only the one below ' +
        'works: please save it instead.',
    })
  }

  /** The page when another passkey was saved since this one was shown. */
  buildOutdatedPage({ url, app }: Onward): Promise<string> {
    return this.#view('recovery-passkey/outdated', {
      title: 'This recovery passkey no longer works',
      regenerateUrl: onwardAddress('/profile/recovery-passkey', app),
      onUrl: url,
    })
  }

  /** The page after the first passkey of an account: whether to tell something of oneself, or to go on. */
  buildSavedPage({ url, app }: Onward): Promise<string> {
    return this.#view('recovery-passkey/saved', {
      title: 'Would you like to update your profile now?',
      editUrl: onwardAddress('/profile/edit', app),
      onUrl: url,
      app,
    })
  }

  #buildWaiting({ username, redirectUrl }: WaitingForm, notice: Notice<'currentPassword'> | null) {
    const title = 'Your recovery passkey is waiting'
    return this.#view('recovery-passkey/waiting', {
      title: notice === null ? title : `${notice.heading} – ${title.toLowerCase()}`,
      heading: title,
      notice,
      messages: notice?.messages ?? {},
      username,
      openUrl: signInAddress('/recovery-passkey/open', redirectUrl),
    })
  }

  #build({ redirectUrl, ...page }: PasskeyPage, notice: Notice<never> | null): Promise<string> {
    const title = 'Your recovery passkey'
    return this.#view('recovery-passkey/passkey', {
      title: notice === null ? title : `${notice.heading} – ${title.toLowerCase()}`,
      heading: title,
      scripts: ['recovery-passkey.js'],
      notice,
      // Lines break between groups, never within one.
      groups: page.passkey.split(/(?<=-)/),
      date: wordDay(page.createdAt),
      saveUrl: signInAddress('/recovery-passkey', redirectUrl),
      ...page,
    })
  }
}
