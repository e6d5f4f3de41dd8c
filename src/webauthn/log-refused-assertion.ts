import type { FastifyRequest } from 'fastify'
import type { AssertionRefusal } from './assertion-refusal.js'

/** Writes down why a passkey did not sign anybody in. */
export function logRefusedAssertion(req: FastifyRequest, { kind }: AssertionRefusal): void {
  req.log.info({ clientAddress: req.ip }, `sign-in by a passkey was refused: ${kind}`)
}
