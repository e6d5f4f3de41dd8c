import type { View } from '../http/view.js'
import type { Session } from '../sessions/session-store.js'
import { createTutorialPart } from './tutorial-part.js'
import { wordDate } from './word-date.js'
import { wordSessionCount } from './word-session-count.js'

export type DashboardValues = {
  session: Pick<Session, 'username' | 'displayName' | 'expiresAt'>
  sessionCount: number
  isFirstVisit: boolean
}

/** The page behind the door: who is signed in, until when, what there is to do, and the way out. */
export class DashboardPageCreator {
  readonly #view: View
  readonly #settings: { hasPasskeys: boolean; hasWaysBack: boolean }

  /** @param settings whether this service offers any way back into an account, and the recovery passkey among them */
  constructor(view: View, settings: { hasPasskeys: boolean; hasWaysBack: boolean }) {
    this.#view = view
    this.#settings = settings
  }

  buildDashboardPage({ session, sessionCount, isFirstVisit }: DashboardValues): Promise<string> {
    const { hasPasskeys, hasWaysBack } = this.#settings
    return this.#view('profile/dashboard', {
      title: 'You are signed in',
      section: 'dashboard',
      scripts: ['tutorial.js'],
      name: session.displayName ?? session.username,
      expiryDate: wordDate(session.expiresAt),
      expiryDateTime: session.expiresAt.toISOString(),
      profile: hasWaysBack
        ? 'Your name, e-mail address and password, and the ways back in if you forget it.'
        : 'Your name, e-mail address and password.',
      sessions: wordSessionCount(sessionCount),
      tutorial: createTutorialPart('/dashboard', {
        username: session.username,
        isFirstVisit,
        hasPasskeys,
        app: null,
      }),
    })
  }
}
