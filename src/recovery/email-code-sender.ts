import { randomInt } from 'node:crypto'
import type { AccountStore } from '../accounts/account-store.js'
import { parseEmail } from '../accounts/parse-email.js'
import type { KnownDevices } from '../attempts/known-devices.js'
import type { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import { emailCodeLetter } from '../email-codes/email-code-letter.js'
import type { Letter } from '../mail/letter.js'
import type { MailOutbox } from '../mail/mail-outbox.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { Recovery } from './recovery-store.js'

const purpose = 'recoverAccount'
// Between these the letter is worded, unless there is none: whoever asks for something else at once is answered by then.
const shortestPauseMs = 250
const longestPauseMs = 1000

export type EmailCodeSenderParts = {
  accountStore: AccountStore
  knownDevices: KnownDevices
  emailCodeKeeper: EmailCodeKeeper
  mailOutbox: Pick<MailOutbox, 'post'>
  serviceName: string
}

/** Mails somebody on the way back into an account a code, if the account has an address that is a way back. */
export class EmailCodeSender {
  readonly #parts: EmailCodeSenderParts

  constructor(parts: EmailCodeSenderParts) {
    this.#parts = parts
  }

  /**
   * Tells nothing: neither the answer nor its time says who has an account, nor whether a limit was reached. Asks of
   * strangers are counted together; a browser that the account knows counts for itself, so that strangers who use up
   * theirs take none from the owner.
   */
  async send(recovery: Recovery, { deviceToken, clientAddress }: Visitor): Promise<void> {
    const { knownDevices, emailCodeKeeper, mailOutbox } = this.#parts
    const deviceId = await knownDevices.find(recovery.accountId, deviceToken)
    const refusal = await emailCodeKeeper.admit(purpose, clientAddress)
    if (refusal !== null && deviceId === null) return
    mailOutbox.post(() => this.#write(recovery, deviceId), randomInt(shortestPauseMs, longestPauseMs))
  }

  async #write({ id, token, accountId }: Recovery, deviceId: string | null): Promise<Letter | null> {
    const { accountStore, emailCodeKeeper, serviceName } = this.#parts
    const account = accountId === null ? null : await accountStore.findById(accountId)
    const email = account?.isEmailWayBack === true ? parseEmail(account.email ?? '') : null
    if (account === null || email?.kind !== 'valid') return null
    const outcome = await emailCodeKeeper.issue({
      bearerId: id,
      bearerSecret: token,
      purpose,
      accountId: account.id,
      email: email.email,
      canonicalEmail: email.canonical,
      insider: deviceId === null ? null : `device ${deviceId}`,
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
