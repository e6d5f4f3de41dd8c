import type { FastifyReply } from 'fastify'
import { secondsBetween } from '../attempts/seconds-between.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import { wordNotice } from '../sign-in/word-notice.js'
import { maskEmail } from './mask-email.js'
import type { PendingSignIn, Unsent } from './pending-sign-in.js'
import type { CodeState } from './second-step-keeper.js'
import { wordUnsent } from './word-unsent.js'

const mailPauseSeconds = 30

/** Tells a program that its password was right, and what comes next: a code, or an e-mail address that one can go to. */
export function sendNext(
  reply: FastifyReply,
  { address, isAddressConfirmed, unsent }: PendingSignIn,
  code: CodeState | null,
  now: Date,
): FastifyReply {
  if (address === null) return reply.code(202).send({ next: 'emailAddress' })
  return reply.code(202).send({
    next: 'emailCode',
    sentTo: isAddressConfirmed ? maskEmail(address.email) : address.email,
    secondsLeft: code?.secondsLeft ?? 0,
    ...(code === null ? {} : { expiresAt: code.expiresAt.toISOString() }),
    ...(unsent === null ? {} : { unsent: describeUnsent(unsent, now) }),
  })
}

function describeUnsent(unsent: Unsent, now: Date) {
  const retryAfterSeconds =
    unsent.kind === 'tooManyCodes' ? secondsBetween(now, unsent.retryAt) : mailPauseSeconds
  return { error: unsent.kind, message: wordNotice(wordUnsent(unsent, now)), retryAfterSeconds }
}

/** Tells a program that there is no sign-in to go on with. */
export function sendSignInOver(reply: FastifyReply): FastifyReply {
  return sendRefusal(
    reply,
    401,
    { kind: 'signInOver' },
    {
      heading: 'This sign-in is over',
      text: 'It took too long, or was not begun here. Begin again with the password.',
    },
  )
}
