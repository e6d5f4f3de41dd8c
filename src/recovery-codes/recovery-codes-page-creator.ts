import type { View } from '../http/view.js'
import { wordDay } from '../sign-in/word-day.js'

export type RecoveryCodesPage = {
  username: string
  codes: readonly string[]
  /** With what they came, or else that they came in the place of others. */
  occasion: 'appOn' | 'stepOn' | 'renewed'
  /** Where their owner goes on. */ onUrl: string
}

const news = {
  appOn: 'Your authenticator app is on.',
  stepOn: 'A passkey is asked for after your password from now on.',
  renewed: 'Your recovery codes are new, and those from before no longer count.',
} as const

/** Words and HTML of the page that shows recovery codes, once. */
export class RecoveryCodesPageCreator {
  readonly #view: View
  readonly #now: () => Date

  constructor(view: View, now: () => Date) {
    this.#view = view
    this.#now = now
  }

  buildRecoveryCodesPage({ occasion, ...values }: RecoveryCodesPage): Promise<string> {
    const createdAt = this.#now()
    return this.#view('recovery-codes/codes', {
      title: 'Your recovery codes',
      section: 'profile',
      scripts: ['recovery-passkey.js'],
      news: news[occasion],
      ...values,
      date: wordDay(createdAt),
      createdAt,
    })
  }
}
