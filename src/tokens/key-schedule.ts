import type { SigningKey } from './signing-key.js'
import type { TokenRules } from './token-rules.js'

type Timed = Pick<SigningKey, 'signsFrom'>

/** Longer than anybody should keep the published keys before asking for them again. */
const publicationMs = 3_600_000
/** For clocks of nodes and apps that go differently. */
const leewayMs = 60_000

/** When keys sign and when they are published. It knows no database; keys come to it with the newest first. */
export class KeySchedule {
  readonly #rotationMs: number
  readonly #lastTokenMs: number

  constructor({ keyRotationDays, accessSeconds }: Pick<TokenRules, 'keyRotationDays' | 'accessSeconds'>) {
    this.#rotationMs = keyRotationDays * 86_400_000
    this.#lastTokenMs = accessSeconds * 1000 + leewayMs
  }

  /** The one that signs now; null only when there is none at all. */
  signer<Key extends Timed>(keys: readonly Key[], now: Date): Key | null {
    // None may have begun by the clock of a node that is slow: then the first one signs.
    return keys.find(({ signsFrom }) => signsFrom <= now) ?? keys.at(-1) ?? null
  }

  /** When another key is to sign that has to be made now; null when it is too early for that. */
  nextStart(keys: readonly Timed[], now: Date): Date | null {
    const [newest] = keys
    if (newest === undefined) return now
    const due = newest.signsFrom.getTime() + this.#rotationMs
    const earliest = this.startAfterPublication(now)
    return earliest.getTime() < due ? null : earliest
  }

  /** When a key may sign that is made now. */
  startAfterPublication(now: Date): Date {
    return new Date(now.getTime() + publicationMs)
  }

  /** Until when a key is published: until the last token that it may have signed is over; null for the newest. */
  publishedUntil(keys: readonly Timed[], key: Timed): Date | null {
    const successor = keys[keys.indexOf(key) - 1]
    return successor === undefined ? null : new Date(successor.signsFrom.getTime() + this.#lastTokenMs)
  }

  published<Key extends Timed>(keys: readonly Key[], now: Date): Key[] {
    return keys.filter((key) => (this.publishedUntil(keys, key) ?? Infinity) > now)
  }
}
