import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Errand } from './errand.js'
import type { ReturnOutcome } from './openid-provider.js'
import type { OpenidProblem } from './openid-problem.js'

/** Somebody who has come back, and as whom. */
export type Return = Extract<ReturnOutcome, { kind: 'proved' }> & {
  errand: Errand
  /** Where they were going, as asked for and as it is sent. */
  destination: { address: string; url: string }
}

/** What is done with somebody who has come back: one for each purpose. */
export type ErrandEnd = {
  /** @returns the answer, or why there is none */
  finish: (
    req: FastifyRequest,
    reply: FastifyReply,
    back: Return,
  ) => Promise<{ kind: 'answered'; reply: FastifyReply } | OpenidProblem>
}
