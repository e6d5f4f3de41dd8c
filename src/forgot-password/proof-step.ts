import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { RecoveryCookie } from '../recovery/recovery-cookie.js'
import { logProof } from './log-proof.js'
import { proofStatuses } from './proof-statuses.js'
import type { OnTheWay, RecoveryEntrance } from './recovery-entrance.js'
import type { RecoveryKeeper } from '../recovery/recovery-keeper.js'
import type { ProofMethod } from '../recovery/recovery-method.js'
import { wordProofRefusal, type ProofRefusal } from '../recovery/word-proof-refusal.js'

export type ProofStepParts = {
  recoveryKeeper: RecoveryKeeper
  recoveryCookie: RecoveryCookie
  recoveryEntrance: RecoveryEntrance
  visitorReader: VisitorReader
}

/** The step of every way back at which its proof is tried, and what comes of it. */
export class ProofStep {
  readonly #parts: ProofStepParts

  constructor(parts: ProofStepParts) {
    this.#parts = parts
  }

  /**
   * @param showAgain the form once more, for a proof that was not taken, or not even looked at
   * @throws DatabaseUnavailable, HashingUnavailable, or that the client has hung up
   */
  async take(
    req: FastifyRequest,
    reply: FastifyReply,
    { recovery, ticket, redirectUrl }: OnTheWay,
    proof: { method: ProofMethod; typed: readonly string[] },
    showAgain: (notice: Notice<'proof'>, kind: ProofRefusal['kind']) => Promise<string>,
  ): Promise<FastifyReply> {
    const { recoveryKeeper, recoveryCookie, recoveryEntrance, visitorReader } = this.#parts
    const visitor = visitorReader.read(req, reply)
    const outcome = await recoveryKeeper.prove(recovery, proof.method, proof.typed, visitor)
    logProof(req, recovery, proof.method, outcome)
    switch (outcome.kind) {
      case 'proved':
        recoveryCookie.write(reply, { token: outcome.recovery.token, name: ticket.name })
        return reply.redirect(signInAddress('/recover/reset', redirectUrl), 303)
      case 'over':
        return recoveryEntrance.sendOver(req, reply, redirectUrl)
      case 'unreadable':
      case 'wrong':
      case 'coolingDown':
      case 'addressCoolingDown':
      case 'busy': {
        if ('retryAfterSeconds' in outcome) reply.header('retry-after', outcome.retryAfterSeconds)
        const html = await showAgain(wordProofRefusal(proof.method, outcome), outcome.kind)
        return sendHtml(reply, proofStatuses[outcome.kind], html)
      }
    }
  }
}
