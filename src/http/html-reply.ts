import type { FastifyReply } from 'fastify'

/** Answers with a page. */
export function sendHtml(reply: FastifyReply, statusCode: number, html: string): FastifyReply {
  return reply.code(statusCode).header('content-type', 'text/html; charset=utf-8').send(html)
}
