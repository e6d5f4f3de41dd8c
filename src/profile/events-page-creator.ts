import type { View } from '../http/view.js'
import type { ListedSecurityEvent } from '../security-events/security-event-list-store.js'
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

async function describe(event: ListedSecurityEvent) {
  const { kind, firstFactor, count, firstAt, at } = event
  return {
    what: wordSecurityEvent(kind, firstFactor) + (count === 1 ? '' : `, ${count} times`),
    isWarning: isWarning(kind),
    first: count === 1 ? null : describeTime(firstAt),
    last: describeTime(at),
    where: await describePlace(event),
  }
}

function describeTime(date: Date) {
  return { words: wordDate(date), iso: date.toISOString() }
}

async function describePlace({ clientAddress, userAgent, addressCount }: ListedSecurityEvent) {
  // What an operator does comes from no browser.
  const browser = clientAddress === null && userAgent === null ? null : await wordUserAgent(userAgent)
  const place = [browser, clientAddress].filter((word) => word !== null).join(', ')
  return addressCount > 1 ? `From ${addressCount} addresses; the last time: ${place}` : place
}
