import type { FastifyRequest } from 'fastify'
import type { ProveOutcome } from '../recovery/recovery-keeper.js'
import type { ProofMethod } from '../recovery/recovery-method.js'
import type { Recovery } from '../recovery/recovery-store.js'

/** Writes down how a proof went; never the proof. */
export function logProof(
  req: FastifyRequest,
  { accountId }: Recovery,
  method: ProofMethod,
  { kind }: ProveOutcome,
): void {
  req.log.info({ accountId, clientAddress: req.ip }, `recovery by ${method}: ${kind}`)
}
