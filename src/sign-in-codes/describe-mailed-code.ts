import { secondsBetween } from '../attempts/seconds-between.js'
import { wordNotice } from '../sign-in/word-notice.js'
import type { CodeState } from './mailed-codes.js'
import type { MailedSignIn, Unsent } from './mailed-sign-in.js'
import { maskEmail } from './mask-email.js'
import { wordUnsent } from './word-unsent.js'

const mailPauseSeconds = 30

/** What a program is told of a mailed code: where it went, or that an e-mail address is needed that one can go to. */
export function describeMailedCode(
  { address, isAddressConfirmed, unsent }: MailedSignIn,
  code: CodeState | null,
  now: Date,
) {
  if (address === null) return { next: 'emailAddress' }
  return {
    next: 'emailCode',
    sentTo: isAddressConfirmed ? maskEmail(address.email) : address.email,
    secondsLeft: code?.secondsLeft ?? 0,
    ...(code === null ? {} : { expiresAt: code.expiresAt.toISOString() }),
    ...(unsent === null ? {} : { unsent: describeUnsent(unsent, now) }),
  }
}

function describeUnsent(unsent: Unsent, now: Date) {
  const retryAfterSeconds =
    unsent.kind === 'tooManyCodes' ? secondsBetween(now, unsent.retryAt) : mailPauseSeconds
  return { error: unsent.kind, message: wordNotice(wordUnsent(unsent, now)), retryAfterSeconds }
}
