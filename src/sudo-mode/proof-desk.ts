import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { DeviceCookie } from '../http/device-cookie.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { ProofStep } from './proof-step.js'
import type { SudoMode } from './sudo-mode.js'

export type ProofDeskParts = {
  sudoMode: SudoMode
  proofStep: ProofStep
  door: Pick<Door, 'handOver'>
  deviceCookie: DeviceCookie
}

/** Somebody who proves again who they are, and where they were going. */
export type Prover = {
  signedIn: SignedIn
  visitor: Visitor
  /** As asked for; empty when it was not. */ redirectUrl: string
  /** As it is sent. */ url: string
}

/** Where all ways end that are no field of a form: another service's word, and the second step. */
export class ProofDesk {
  readonly #parts: ProofDeskParts

  constructor(parts: ProofDeskParts) {
    this.#parts = parts
  }

  /**
   * Goes on for somebody who has shown what is worth a password: with the second step where it is due.
   *
   * @returns the answer; null when the session is over
   * @throws DatabaseUnavailable
   */
  async goOn(
    req: FastifyRequest,
    reply: FastifyReply,
    prover: Prover,
    account: Account,
  ): Promise<FastifyReply | null> {
    const { proofStep } = this.#parts
    const { signedIn, visitor, redirectUrl } = prover
    return (await proofStep.isDue(account, visitor))
      ? proofStep.lead(req, reply, signedIn, account, visitor, redirectUrl)
      : this.finish(reply, prover, false)
  }

  /**
   * Ends for somebody who has shown all: the session has another token, and the browser is a known one.
   *
   * @param isFull whether a second step belonged to it, or nothing weaker
   * @returns the answer; null when the session is over
   * @throws DatabaseUnavailable
   */
  async finish(
    reply: FastifyReply,
    { signedIn, visitor, url }: Prover,
    isFull: boolean,
  ): Promise<FastifyReply | null> {
    const { sudoMode, door, deviceCookie } = this.#parts
    const proved = await sudoMode.accept(signedIn, visitor, isFull)
    if (proved === null) return null
    door.handOver(reply, { ...signedIn, token: proved.token })
    deviceCookie.write(reply, proved.deviceToken)
    return reply.redirect(url, 303)
  }
}
