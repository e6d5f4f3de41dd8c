import type { View } from '../http/view.js'
import type { Session } from '../sessions/session-store.js'

/** The page behind the door: who is signed in, until when, and the way out. */
export class DashboardPageCreator {
  readonly #view: View
  // Made when it is first needed: with it a web process that shows no dates held 9 MB more.
  #dateFormat: Intl.DateTimeFormat | undefined

  constructor(view: View) {
    this.#view = view
  }

  buildDashboardPage(session: Pick<Session, 'username' | 'expiresAt'>): Promise<string> {
    this.#dateFormat ??= new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'UTC',
    })
    return this.#view('profile/dashboard', {
      title: 'You are signed in',
      username: session.username,
      expiryDate: this.#dateFormat.format(session.expiresAt),
      expiryDateTime: session.expiresAt.toISOString(),
    })
  }
}
