import type { View } from '../http/view.js'
import type { ListedSession } from '../sessions/listed-session.js'
import { wordDate } from './word-date.js'
import { wordTimeAgo } from './word-time-ago.js'
import { wordUserAgent } from './word-user-agent.js'

export type SessionsValues = {
  sessions: readonly ListedSession[]
  /** How many there are in all. */
  count: number
  /** The session of the browser that looks at the page. */
  ownId: string
  now: Date
  /** What was just done, in words. */
  done: string | null
}

/** Words and HTML of the list of browsers in which somebody is signed in; the one that is looked at comes first. */
export class SessionsPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  async buildSessionsPage({ sessions, count, ownId, now, done }: SessionsValues): Promise<string> {
    const own = sessions.filter(({ id }) => id === ownId)
    const others = sessions.filter(({ id }) => id !== ownId)
    const shown = [...own, ...others]
    return this.#view('profile/sessions', {
      title: done ?? 'Where you are signed in',
      section: 'sessions',
      done,
      hasOthers: others.length > 0,
      more: count - shown.length,
      sessions: await Promise.all(shown.map((session) => describe(session, session.id === ownId, now))),
    })
  }
}

async function describe({ id, userAgent, createdAt, lastUsedAt }: ListedSession, isThis: boolean, now: Date) {
  return {
    id,
    isThis,
    browser: await wordUserAgent(userAgent),
    // The time of last use is written down now and then only; this browser is in use at this moment.
    lastUsed: isThis ? 'just now' : wordTimeAgo(lastUsedAt, now),
    lastUsedDateTime: (isThis ? now : lastUsedAt).toISOString(),
    signedIn: wordDate(createdAt),
    signedInDateTime: createdAt.toISOString(),
  }
}
