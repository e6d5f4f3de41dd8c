import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DeviceCookie } from '../http/device-cookie.js'
import { readFormField } from '../http/form-field.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { Notice } from '../sign-in/notice.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import { confirmAddress } from './confirm-address.js'
import type { ProofStep } from './proof-step.js'
import type { SudoMode } from './sudo-mode.js'
import type { SudoRefusal } from './sudo-outcome.js'
import { sudoStatuses } from './sudo-statuses.js'
import { wordSudoRefusal } from './word-sudo-refusal.js'

export type SudoStepParts = {
  sudoMode: SudoMode
  proofStep: Pick<ProofStep, 'lead'>
  visitorReader: VisitorReader
  door: Pick<Door, 'handOver'>
  deviceCookie: DeviceCookie
}

export type SudoPassage =
  | { kind: 'passed'; /** Its token may be a new one. */ signedIn: SignedIn }
  | {
      kind: 'refused'
      /** To show the form with again. */ statusCode: number
      notice: Notice<'currentPassword'>
    }

/** The step in the handler of a sensitive form that asks for the password, once in a while, in its own field. */
export class SudoStep {
  readonly #parts: SudoStepParts

  constructor(parts: SudoStepParts) {
    this.#parts = parts
  }

  /** Whether the form has to show the password field. */
  async isPasswordNeeded(req: FastifyRequest, signedIn: SignedIn): Promise<boolean> {
    return (await this.describe(req, signedIn)).isPasswordNeeded
  }

  /** What the form has to say of the password: whether it is asked for, and whether there is one. */
  async describe(
    req: FastifyRequest,
    signedIn: SignedIn,
  ): Promise<{ isPasswordNeeded: boolean; hasPassword: boolean }> {
    const { sudoMode, deviceCookie } = this.#parts
    const { need, hasPassword } = await sudoMode.describe(signedIn, deviceCookie.read(req))
    return { isPasswordNeeded: need === 'password', hasPassword }
  }

  /**
   * Comes before anything that the form changes.
   *
   * @param formPath where the form is
   * @returns null when the browser was sent elsewhere: where the session was over to the form anew, by way of the login page,
   *   and where the password is not enough to prove who they are
   * @throws DatabaseUnavailable, HashingUnavailable, or that the client has hung up
   */
  async pass(
    req: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    formPath: string,
  ): Promise<SudoPassage | null> {
    const { sudoMode, deviceCookie } = this.#parts
    switch (await sudoMode.findNeed(signedIn, deviceCookie.read(req))) {
      case 'nothing':
        return { kind: 'passed', signedIn }
      case 'elsewhere':
        reply.redirect(confirmAddress(formPath), 303)
        return null
      case 'password':
        return this.prove(req, reply, signedIn, { address: formPath, url: formPath })
    }
  }

  /**
   * Like `pass`, but looks at the password in any case, and goes on to the second step where it is due.
   *
   * @param destination where the browser goes when the session was over, or after the second step, as asked for and as it is
   *   sent
   */
  async prove(
    req: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    destination: { address: string; url: string },
  ): Promise<SudoPassage | null> {
    const { sudoMode, proofStep, visitorReader, door, deviceCookie } = this.#parts
    const field = readFormField(req.body, 'currentPassword')
    if (field.kind !== 'text') return this.#refuse(req, reply, signedIn, { kind: 'passwordNeeded' })
    const visitor = visitorReader.read(req, reply)
    const outcome = await sudoMode.prove(signedIn, field.text, visitor)
    switch (outcome.kind) {
      case 'proved': {
        const proved = { token: outcome.token, session: signedIn.session }
        door.handOver(reply, proved)
        deviceCookie.write(reply, outcome.deviceToken)
        return { kind: 'passed', signedIn: proved }
      }
      case 'secondStepDue':
        await proofStep.lead(req, reply, signedIn, outcome.account, visitor, destination.address)
        return null
      case 'sessionOver':
        // The browser may hold a newer token by now.
        reply.removeHeader('set-cookie')
        reply.redirect(destination.url, 303)
        return null
      case 'incorrectPassword':
      case 'coolingDown':
      case 'addressCoolingDown':
      case 'locked':
      case 'busy':
        return this.#refuse(req, reply, signedIn, outcome)
    }
  }

  #refuse(
    req: FastifyRequest,
    reply: FastifyReply,
    { session }: SignedIn,
    refusal: SudoRefusal,
  ): SudoPassage {
    if ('retryAfterSeconds' in refusal) reply.header('retry-after', refusal.retryAfterSeconds)
    req.log.info({ accountId: session.accountId, clientAddress: req.ip }, `sudo: ${refusal.kind}`)
    return { kind: 'refused', statusCode: sudoStatuses[refusal.kind], notice: wordSudoRefusal(refusal) }
  }
}
