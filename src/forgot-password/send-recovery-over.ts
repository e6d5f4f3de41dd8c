import type { FastifyReply } from 'fastify'
import { sendRefusal } from '../sign-in/send-refusal.js'
import { overWords } from './over-words.js'

/** Tells a program that there is no such recovery, or none any more. */
export function sendRecoveryOver(reply: FastifyReply): FastifyReply {
  return sendRefusal(reply, 410, { kind: 'recoveryOver' }, overWords)
}
