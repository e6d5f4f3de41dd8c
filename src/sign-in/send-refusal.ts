import type { FastifyReply } from 'fastify'
import { sendProblem } from '../http/json-reply.js'
import type { Notice } from './notice.js'
import { wordNotice } from './word-notice.js'

/** What a refusal tells a program beside its words. */
export type Refusal = {
  kind: string
  failures?: number
  limit?: number
  retryAfterSeconds?: number
  /** Asked for next; it may solve it. */ captcha?: object | undefined
}

/** Answers a program with a refusal in the words of the page: the kind as `error`, numbers as numbers. */
export function sendRefusal(
  reply: FastifyReply,
  statusCode: number,
  { kind, failures, limit, retryAfterSeconds, captcha }: Refusal,
  words: Notice<string>,
): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
  return sendProblem(reply, statusCode, {
    error: kind,
    message: wordNotice(words),
    ...(failures === undefined ? {} : { attempt: failures, limit }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(captcha === undefined ? {} : { captcha }),
  })
}
