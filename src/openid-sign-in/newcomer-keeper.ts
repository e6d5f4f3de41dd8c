import type { AccountStore } from '../accounts/account-store.js'
import { parseEmail } from '../accounts/parse-email.js'
import { parseUsername } from '../accounts/parse-username.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import type { ProvedIdentity } from './identity.js'
import type { Newcomer, NewcomerStore } from './newcomer-store.js'

const doubleSubmitMs = 30_000

export type NewcomerKeeperParts = {
  newcomerStore: NewcomerStore
  accountStore: AccountStore
  validitySeconds: number
  now: () => Date
}

/** Keeps in mind who another service says somebody is, until they have chosen a username. */
export class NewcomerKeeper {
  readonly #parts: NewcomerKeeperParts

  constructor(parts: NewcomerKeeperParts) {
    this.#parts = parts
  }

  /** @returns the token by which their browser shows that it is them */
  async welcome({ issuer, subject, email, names }: ProvedIdentity): Promise<string> {
    const { newcomerStore, validitySeconds, now } = this.#parts
    const token = createRandomToken()
    const newcomer = {
      identity: { issuer, subject },
      username: await this.#suggest(names),
      email: toEmail(email),
    }
    await newcomerStore.add(token, newcomer, new Date(now().getTime() + validitySeconds * 1000))
    return token
  }

  /** @returns null when it is over */
  async find(token: string | null): Promise<Newcomer | null> {
    const { newcomerStore, now } = this.#parts
    return token === null ? null : newcomerStore.find(token, now())
  }

  /** Soon forgets one that has led to an account; a form that was sent twice is answered twice. */
  async finish(token: string): Promise<void> {
    const { newcomerStore, now } = this.#parts
    await newcomerStore.shorten(token, new Date(now().getTime() + doubleSubmitMs))
  }

  /** The first name that can be had here; empty when none can. */
  async #suggest(names: readonly string[]): Promise<string> {
    for (const name of names) {
      const parsed = parseUsername(name)
      if (parsed.kind !== 'valid') continue
      const holder = await this.#parts.accountStore.find({ canonicalUsername: parsed.canonical })
      if (holder === null) return parsed.username
    }
    return ''
  }
}

function toEmail(text: string | null): string {
  const parsed = parseEmail(text ?? '')
  return parsed.kind === 'valid' ? parsed.email : ''
}
