import type { FastifyReply } from 'fastify'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { SecondStepMethod } from './second-step-method.js'

/** Tells a program that it has come so far, what comes next, and what else may be shown instead. */
export async function sendNext(
  reply: FastifyReply,
  pending: PendingSignIn,
  method: SecondStepMethod,
): Promise<FastifyReply> {
  const methods = pending.methods.map(({ name }) => name)
  return reply.code(202).send({ ...(await method.describe(pending)), methods })
}

/** Tells a program that there is no sign-in to go on with. */
export function sendSignInOver(reply: FastifyReply): FastifyReply {
  return sendRefusal(
    reply,
    401,
    { kind: 'signInOver' },
    {
      heading: 'This sign-in is over',
      text: 'It took too long, or was not begun here. Begin again.',
    },
  )
}
