import type { FastifyReply } from 'fastify'
import { sendProblem } from './json-reply.js'

/**
 * Answers 400 with what is wrong with each field of a JSON body.
 *
 * @param word says it in a sentence
 */
export function sendRefusedFields<Problem extends { field: string }>(
  reply: FastifyReply,
  problems: readonly Problem[],
  word: (problem: Problem) => string,
): FastifyReply {
  return sendProblem(reply, 400, {
    error: 'invalidFields',
    message: 'Please check what you entered.',
    problems: problems.map((problem) => ({ field: problem.field, message: word(problem) })),
  })
}
