import type { FastifyReply } from 'fastify'

/**
 * A signal that aborts when the client hangs up before its answer is finished. Fastify's `request.signal` cannot be
 * used for this: it aborts as soon as the body of a form has been read.
 */
export function hangUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
