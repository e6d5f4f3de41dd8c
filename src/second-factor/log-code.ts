import type { FastifyRequest } from 'fastify'
import { describeAccount } from '../sign-in/sign-in-log.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { CodeRefusal } from './word-code-refusal.js'

/** Writes down why a code let nobody in; never what was typed. */
export function logCode(req: FastifyRequest, { account }: PendingSignIn, { kind }: CodeRefusal): void {
  req.log.info(describeAccount(req, account), `code at sign-in: ${kind}`)
}
