import type { AccountStore } from '../accounts/account-store.js'
import { parseEmail } from '../accounts/parse-email.js'
import type { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import { emailCodeLetter } from '../email-codes/email-code-letter.js'
import type { Letter } from '../mail/letter.js'
import type { MailOutbox } from '../mail/mail-outbox.js'
import type { Recovery } from './recovery-store.js'

const purpose = 'recoverAccount'

export type EmailCodeSenderParts = {
  accountStore: AccountStore
  emailCodeKeeper: EmailCodeKeeper
  mailOutbox: MailOutbox
  serviceName: string
}

/** Mails somebody on the way back into an account a code, if the account has a confirmed address. */
export class EmailCodeSender {
  readonly #parts: EmailCodeSenderParts

  constructor(parts: EmailCodeSenderParts) {
    this.#parts = parts
  }

  /** Does all of it in the background and tells nothing: neither an answer nor its time says who has an account. */
  send(recovery: Recovery): void {
    this.#parts.mailOutbox.post(() => this.#write(recovery))
  }

  async #write({ id, token, accountId }: Recovery): Promise<Letter | null> {
    const { accountStore, emailCodeKeeper, serviceName } = this.#parts
    const account = accountId === null ? null : await accountStore.findById(accountId)
    const email = account?.emailConfirmedAt ? parseEmail(account.email ?? '') : null
    if (account === null || email?.kind !== 'valid') return null
    const outcome = await emailCodeKeeper.issue({
      bearerId: id,
      bearerSecret: token,
      purpose,
      accountId: account.id,
      email: email.email,
      canonicalEmail: email.canonical,
    })
    if (outcome.kind !== 'issued') return null
    const { code, validitySeconds } = outcome
    return emailCodeLetter({
      serviceName,
      to: email.email,
      purpose,
      username: account.username,
      code,
      validitySeconds,
    })
  }
}
