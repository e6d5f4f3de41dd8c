import type { View } from '../http/view.js'
import type { ListedSecurityEvent } from '../security-events/security-event-store.js'
import { isWarning, wordSecurityEvent } from './word-security-event.js'
import { wordDate } from './word-date.js'
import { wordUserAgent } from './word-user-agent.js'

export type EventsValues = {
  events: readonly ListedSecurityEvent[]
  isFirstPage: boolean
  /** Where older ones are seen; null when there are none. */
  olderPath: string | null
}

/** Words and HTML of the list of what has happened to an account. */
export class EventsPageCreator {
  readonly #view: View
  readonly #keptDays: number

  constructor(view: View, settings: { keptDays: number }) {
    this.#view = view
    this.#keptDays = settings.keptDays
  }

  async buildEventsPage({ events, isFirstPage, olderPath }: EventsValues): Promise<string> {
    return this.#view('profile/events', {
      title: isFirstPage ? 'What has happened' : 'What has happened before',
      section: 'events',
      keptDays: `${this.#keptDays} ${this.#keptDays === 1 ? 'day' : 'days'}`,
      isFirstPage,
      olderPath,
      events: await Promise.all(events.map(describe)),
    })
  }
}

async function describe({ kind, at, clientAddress, userAgent }: ListedSecurityEvent) {
  // What an operator does comes from no browser.
  const browser = clientAddress === null && userAgent === null ? null : await wordUserAgent(userAgent)
  return {
    what: wordSecurityEvent(kind),
    isWarning: isWarning(kind),
    when: wordDate(at),
    whenDateTime: at.toISOString(),
    where: [browser, clientAddress].filter((word) => word !== null).join(', '),
  }
}
