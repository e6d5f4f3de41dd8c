import type { Account } from '../accounts/account-store.js'
import type { MailOutbox } from '../mail/mail-outbox.js'
import type { Visitor } from '../sign-in/visitor.js'
import { ownerLetter, type OwnerNews } from './owner-letter.js'
import { wordUserAgent } from './word-user-agent.js'

export type OwnerLettersParts = {
  mailOutbox: MailOutbox
  serviceName: string
  publicOrigin: string | null
  now: () => Date
}

/** Tells people by letter what was done to their account, where they have a confirmed address (ASVS 6.3.7). */
export class OwnerLetters {
  readonly #parts: OwnerLettersParts

  constructor(parts: OwnerLettersParts) {
    this.#parts = parts
  }

  /** @param account as it was before: a changed address is told to the old one */
  tell(account: Account, news: OwnerNews, { userAgent, clientAddress }: Visitor): void {
    const { email, emailConfirmedAt, username } = account
    if (email === null || emailConfirmedAt === null) return
    const { mailOutbox, serviceName, publicOrigin, now } = this.#parts
    const at = now()
    mailOutbox.post(async () =>
      ownerLetter({
        to: email,
        username,
        serviceName,
        publicOrigin,
        news,
        at,
        browser: await wordUserAgent(userAgent),
        clientAddress,
      }),
    )
  }
}
