import type { FastifyReply } from 'fastify'
import { sendRefusal } from '../sign-in/send-refusal.js'

const words = {
  heading: 'Please begin again',
  text:
    'This recovery has taken too long, or has been finished or begun anew meanwhile, or its cookie or temporary token ' +
    'was not sent.',
}

/** Tells a program that there is no such recovery, or none any more. */
export function sendRecoveryOver(reply: FastifyReply): FastifyReply {
  return sendRefusal(reply, 410, { kind: 'recoveryOver' }, words)
}
