import { createHmac } from 'node:crypto'
import type { AddressLimit } from '../attempts/address-limit.js'
import { addressNetwork } from '../attempts/address-network.js'
import { secondsBetween } from '../attempts/seconds-between.js'
import type { Database } from '../database/database.js'
import { createDigits } from '../secrets/create-digits.js'
import { hashToken } from '../secrets/hash-token.js'
import { parseDigits } from '../secrets/parse-digits.js'
import { askSubjects, type CodeAsk } from './ask-subjects.js'
import { EmailCodeAskStore } from './email-code-ask-store.js'
import type { EmailCodePurpose } from './email-code-purpose.js'
import type { EmailCodeRules } from './email-code-rules.js'
import { EmailCodeStore } from './email-code-store.js'
import type { RedeemOutcome } from './redeem-outcome.js'
import { wordEmailCode } from './word-email-code.js'

const hourMs = 3_600_000

/** Who holds a code: a session or a recovery, with the token that its browser sent. */
export type CodeBearer = { bearerId: string; bearerSecret: string; purpose: EmailCodePurpose }

export type TooManyCodes = { kind: 'tooMany'; retryAfterSeconds: number }

export type IssuedCode = {
  kind: 'issued'
  id: string
  /** As people read it, such as `1234 5678`. */
  code: string
  issuedAt: Date
  expiresAt: Date
  validitySeconds: number
}

export type IssueOutcome = IssuedCode | TooManyCodes

export type EmailCodeKeeperParts = {
  database: Database
  addressLimit: AddressLimit
  rules: EmailCodeRules
  now: () => Date
}

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
   * Counts that somebody asks for a code, whoever it is for: the first step of every ask. For names that nobody has too,
   * as otherwise later asks would tell.
   *
   * @returns null when it may go ahead
   */
  async admit(purpose: EmailCodePurpose, clientAddress: string): Promise<TooManyCodes | null> {
    const refusal = await this.#parts.addressLimit.admit(`${purpose} code ${addressNetwork(clientAddress)}`)
    return refusal === null ? null : { kind: 'tooMany', retryAfterSeconds: refusal.retryAfterSeconds }
  }

  /** Makes a code, which takes the place of any before, unless there were too many (see `askSubjects`). */
  async issue(ask: CodeBearer & CodeAsk & { email: string }): Promise<IssueOutcome> {
    const { database, rules, now } = this.#parts
    const rule = rules[ask.purpose]
    const time = now()
    const digits = createDigits(rule.digits)
    const expiresAt = new Date(time.getTime() + rule.validitySeconds * 1000)
    const since = new Date(time.getTime() - hourMs)
    const bearerHash = hashToken(ask.bearerSecret)
    const code = {
      ...ask,
      bearerHash,
      codeHash: hashCode(ask.bearerSecret, digits),
      tries: rule.tries,
      expiresAt,
    }
    return database.transaction<IssueOutcome>(async (client) => {
      const limit = { most: rule.perHour, since }
      const inTheWay = await new EmailCodeAskStore(client).count(askSubjects(ask), time, limit)
      if (inTheWay !== null) return { kind: 'tooMany', retryAfterSeconds: secondsBetween(since, inTheWay) }
      // The account was removed a moment ago.
      const id = await new EmailCodeStore(client).add(code)
      if (id === null) return { kind: 'tooMany', retryAfterSeconds: 1 }
      const { validitySeconds } = rule
      return { kind: 'issued', id, code: wordEmailCode(digits), issuedAt: time, expiresAt, validitySeconds }
    })
  }

  /** For codes that last for a minute: the time counts from now, when the mail server has the letter. */
  async startTime({ id, validitySeconds }: IssuedCode): Promise<void> {
    const { database, now } = this.#parts
    const expiresAt = new Date(now().getTime() + validitySeconds * 1000)
    await new EmailCodeStore(database).setExpiry(id, expiresAt)
  }

  /** Takes back a code that no mail server has taken, as if it had not been asked for. */
  async takeBack({ id, issuedAt }: IssuedCode, ask: CodeAsk): Promise<void> {
    await this.#parts.database.transaction(async (client) => {
      await new EmailCodeAskStore(client).takeBack(askSubjects(ask), issuedAt)
      await new EmailCodeStore(client).forget(id)
    })
  }

  /**
   * Makes one try at the newest code of a bearer.
   *
   * @param ask its code as typed
   * @param emailCodeStore that of a transaction, when what the code allows must happen together with its use
   */
  async redeem(
    ask: CodeBearer & { code: string },
    emailCodeStore = new EmailCodeStore(this.#parts.database),
  ): Promise<RedeemOutcome> {
    const { rules, now } = this.#parts
    const { digits } = rules[ask.purpose]
    const code = parseDigits(ask.code, digits)
    if (code === null) return { kind: 'unreadable', digits }
    const bearer = { ...ask, bearerHash: hashToken(ask.bearerSecret) }
    const made = await emailCodeStore.try(bearer, hashCode(ask.bearerSecret, code), now())
    if (made === null) return { kind: 'expired' }
    const { isRight, triesLeft, accountId, email, canonicalEmail } = made
    return isRight ? { kind: 'right', accountId, email, canonicalEmail } : { kind: 'wrong', triesLeft }
  }
}

/** Keyed by the bearer's token, of which the database holds only a hash: whoever steals the database can try no codes. */
function hashCode(bearerSecret: string, code: string): Buffer {
  return createHmac('sha256', bearerSecret).update(code).digest()
}
