import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'

export type DeletionForm = { username: string; isSure: boolean; isPasswordNeeded: boolean }

type Field = 'currentPassword' | 'isSure'

/** Words and HTML of the page that asks whether an account is to be deleted, and says what goes with it. */
export class DeletionPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  buildDeletionPage(form: DeletionForm): Promise<string> {
    return this.#build(form)
  }

  /** The page when the box was not ticked. */
  buildUnsurePage(form: DeletionForm): Promise<string> {
    return this.#build(form, {
      heading: 'Nothing was deleted',
      messages: { isSure: 'Tick this box if you mean it.' },
    })
  }

  /** The page when the password is not right, or cannot be looked at now. */
  buildRefusedDeletionPage(form: DeletionForm, notice: Notice<'currentPassword'>): Promise<string> {
    return this.#build(form, notice)
  }

  #build(form: DeletionForm, notice: Notice<Field> | null = null): Promise<string> {
    return this.#view('profile/deletion', {
      title: notice === null ? 'Delete this account?' : `${notice.heading} – delete this account`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      points: [
        `the username ${form.username}, which nobody can register again`,
        'your display name and your e-mail address',
        'your password and every way back in',
        'every session: you are signed out here and in all your apps',
        'the list of what has happened to your account',
      ],
      ...form,
    })
  }
}
