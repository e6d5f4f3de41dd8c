import type { FastifyReply } from 'fastify'
import { sendProblem } from './json-reply.js'

/** A field of a JSON body that cannot be used, and why, in a sentence. */
export type RefusedField = { field: string; message: string }

/** Answers 400 with what is wrong with each field. */
export function sendRefusedFields(reply: FastifyReply, problems: readonly RefusedField[]): FastifyReply {
  const message = 'Please check what you entered.'
  return sendProblem(reply, 400, { error: 'invalidFields', message, problems })
}
