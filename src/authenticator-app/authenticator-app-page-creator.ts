import type { View } from '../http/view.js'
import { wordCodesLeft } from '../recovery-codes/word-codes-left.js'
import { wordFirstStep } from '../second-factor/word-first-step.js'
import { wordWrongCode } from '../second-factor/word-wrong-code.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDay } from '../sign-in/word-day.js'
import type { AppState } from './authenticator-app-keeper.js'
import { base32 } from './base32.js'
import { otpauthAddress } from './otpauth-address.js'
import { appPath, setUpPath } from './profile-paths.js'
import { qrCode } from './qr-code.js'
import { authenticatorWords } from './step-page-creator.js'
import { appCodeProblems } from './word-app-code-refusal.js'

export type AuthenticatorAppValues = {
  username: string
  hasPassword: boolean
  /** Null when the account has none. */ app: AppState | null
  isPasswordNeeded: boolean
}

/** Words and HTML of the pages of the profile about the authenticator app. */
export class AuthenticatorAppPageCreator {
  readonly #view: View
  readonly #serviceName: string

  constructor(view: View, serviceName: string) {
    this.#view = view
    this.#serviceName = serviceName
  }

  /** @param notice why the password was not taken; null for the page as it is first seen */
  buildAppPage(
    { app, hasPassword, ...values }: AuthenticatorAppValues,
    notice: Notice<'currentPassword'> | null,
  ): Promise<string> {
    return this.#view('authenticator-app/app', {
      title: notice === null ? 'Authenticator app' : `${notice.heading} – authenticator app`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      ...wordFirstStep(hasPassword),
      ...values,
      since: app === null ? null : wordDay(app.since),
      codesLeft: app === null ? '' : wordCodesLeft(app.codesLeft),
      appPath,
    })
  }

  /** @param problem with the code that was typed; null for the page as it is first seen */
  async buildSetUpPage(
    { username, secret }: { username: string; secret: Buffer },
    problem: 'unreadable' | 'wrong' | null,
  ): Promise<string> {
    const title = 'Set up your authenticator app'
    const notice = problem === null ? null : wordWrongCode(appCodeProblems[problem], null)
    const address = otpauthAddress(secret, this.#serviceName, username)
    return this.#view('authenticator-app/set-up', {
      title: notice === null ? title : `${notice.heading} – ${title.toLowerCase()}`,
      heading: title,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      qr: await qrCode(address),
      address,
      groups: base32(secret).match(/.{1,4}/g) ?? [],
      field: authenticatorWords.field,
      setUpPath,
    })
  }
}
