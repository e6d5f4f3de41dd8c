import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DeviceCookie } from '../http/device-cookie.js'
import { readFormField } from '../http/form-field.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { Notice } from '../sign-in/notice.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoMode } from './sudo-mode.js'
import { sudoStatuses } from './sudo-statuses.js'
import { wordSudoRefusal } from './word-sudo-refusal.js'

export type SudoStepParts = {
  sudoMode: SudoMode
  visitorReader: VisitorReader
  door: Door
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
    const { sudoMode, deviceCookie } = this.#parts
    return !(await sudoMode.isProved(signedIn, deviceCookie.read(req)))
  }

  /**
   * Comes before anything that the form changes.
   *
   * @param formPath where the form is
   * @returns null when the session was over: the browser has then been sent to the form anew, by way of the login page
   * @throws DatabaseUnavailable, HashingUnavailable, or that the client has hung up
   */
  async pass(
    req: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    formPath: string,
  ): Promise<SudoPassage | null> {
    const { sudoMode, visitorReader, door, deviceCookie } = this.#parts
    const field = readFormField(req.body, 'currentPassword')
    const password = field.kind === 'text' ? field.text : null
    const outcome = await sudoMode.prove(signedIn, password, visitorReader.read(req, reply))
    switch (outcome.kind) {
      case 'proved': {
        const proved = { token: outcome.token, session: signedIn.session }
        if (outcome.deviceToken !== null) {
          door.handOver(reply, proved)
          deviceCookie.write(reply, outcome.deviceToken)
        }
        return { kind: 'passed', signedIn: proved }
      }
      case 'sessionOver':
        // The browser may hold a newer token by now.
        reply.removeHeader('set-cookie')
        reply.redirect(formPath, 303)
        return null
      case 'passwordNeeded':
      case 'incorrectPassword':
      case 'coolingDown':
      case 'addressCoolingDown':
      case 'locked':
      case 'busy':
        if ('retryAfterSeconds' in outcome) reply.header('retry-after', outcome.retryAfterSeconds)
        req.log.info(
          { accountId: signedIn.session.accountId, clientAddress: req.ip },
          `sudo: ${outcome.kind}`,
        )
        return { kind: 'refused', statusCode: sudoStatuses[outcome.kind], notice: wordSudoRefusal(outcome) }
    }
  }
}
