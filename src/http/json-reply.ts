import type { FastifyReply } from 'fastify'

/** What went wrong: a code for programs and a sentence for people, and whatever else helps. */
export type JsonProblem = { error: string; message: string; [more: string]: unknown }

/** Answers with an error as all errors below `/api/` look: with the request's number, under which the log has it. */
export function sendProblem(reply: FastifyReply, statusCode: number, problem: JsonProblem): FastifyReply {
  const { error, message, ...more } = problem
  const requestId = reply.request.id
  return reply
    .code(statusCode)
    .header('x-request-id', requestId)
    .send({ error, message, requestId, ...more })
}
