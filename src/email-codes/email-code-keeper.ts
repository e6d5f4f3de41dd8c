import { createHmac } from 'node:crypto'
import { createDigits } from '../secrets/create-digits.js'
import type { EmailCodePurpose } from './email-code-purpose.js'
import type { EmailCodeRules } from './email-code-rules.js'
import type { EmailCodeStore } from './email-code-store.js'
import { parseEmailCode } from './parse-email-code.js'
import type { RedeemOutcome } from './redeem-outcome.js'
import { wordEmailCode } from './word-email-code.js'

const hourMs = 3_600_000

/** Who holds a code: a session or a recovery, with the token that its browser sent. */
export type CodeBearer = { bearerId: string; bearerSecret: string; purpose: EmailCodePurpose }

export type IssueOutcome =
  /** `code` as people read it, such as `1234 5678`. */
  | { kind: 'issued'; code: string; expiresAt: Date; validitySeconds: number }
  | { kind: 'tooMany'; retryAfterSeconds: number }

export type EmailCodeKeeperParts = { emailCodeStore: EmailCodeStore; rules: EmailCodeRules; now: () => Date }

/**
 * The life of a mailed code: issued for one purpose to one bearer, who may redeem it once, while it is the newest. Sends
 * no mail.
 */
export class EmailCodeKeeper {
  readonly #parts: EmailCodeKeeperParts

  constructor(parts: EmailCodeKeeperParts) {
    this.#parts = parts
  }

  /**
   * Makes a code, which takes the place of any before. The limit is per account and purpose: strangers who ask for codes
   * to recover an account use up none of those that its owner confirms an address with.
   */
  async issue(
    ask: CodeBearer & { accountId: string; email: string; canonicalEmail: string },
  ): Promise<IssueOutcome> {
    const { emailCodeStore, rules, now } = this.#parts
    const rule = rules[ask.purpose]
    const time = now()
    const digits = createDigits(rule.digits)
    const expiresAt = new Date(time.getTime() + rule.validitySeconds * 1000)
    const since = new Date(time.getTime() - hourMs)
    const code = {
      accountId: ask.accountId,
      purpose: ask.purpose,
      bearerId: ask.bearerId,
      email: ask.email,
      canonicalEmail: ask.canonicalEmail,
      codeHash: hashCode(ask.bearerSecret, digits),
      tries: rule.tries,
      expiresAt,
    }
    if (!(await emailCodeStore.add(code, time, { most: rule.perHour, since }))) {
      const first = await emailCodeStore.firstAskSince(ask.accountId, ask.purpose, since)
      // None when the account was removed a moment ago.
      const waitMs = first === null ? 0 : first.getTime() - since.getTime()
      return { kind: 'tooMany', retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
    }
    return { kind: 'issued', code: wordEmailCode(digits), expiresAt, validitySeconds: rule.validitySeconds }
  }

  /**
   * Makes one try at the newest code of a bearer.
   *
   * @param ask its code as typed
   * @param emailCodeStore one of a transaction, when what the code allows must happen together with its use
   */
  async redeem(
    ask: CodeBearer & { code: string },
    emailCodeStore: EmailCodeStore = this.#parts.emailCodeStore,
  ): Promise<RedeemOutcome> {
    const { rules, now } = this.#parts
    const { digits } = rules[ask.purpose]
    const code = parseEmailCode(ask.code, digits)
    if (code === null) return { kind: 'unreadable', digits }
    const made = await emailCodeStore.try(ask.bearerId, ask.purpose, hashCode(ask.bearerSecret, code), now())
    if (made === null) return { kind: 'expired' }
    const { isRight, triesLeft, accountId, email, canonicalEmail } = made
    return isRight ? { kind: 'right', accountId, email, canonicalEmail } : { kind: 'wrong', triesLeft }
  }
}

/** Keyed by the bearer's token, of which the database holds only a hash: whoever steals the database can try no codes. */
function hashCode(bearerSecret: string, code: string): Buffer {
  return createHmac('sha256', bearerSecret).update(code).digest()
}
