import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import type { DeviceCookie } from '../http/device-cookie.js'
import { readFormField } from '../http/form-field.js'
import { sendProblem } from '../http/json-reply.js'
import { withJsonBodies } from '../http/json-routes.js'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import type { SessionFinder } from '../sessions/session-finder.js'
import type { Door } from '../sign-in/door.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import { wordLoginProblem } from '../sign-in/word-login-problem.js'
import type { SudoMode } from '../sudo-mode/sudo-mode.js'
import { sudoStatuses } from '../sudo-mode/sudo-statuses.js'
import { wordSudoRefusal } from '../sudo-mode/word-sudo-refusal.js'
import type { RecoveryPasskeyKeeper } from './recovery-passkey-keeper.js'

export type PasskeyApiHandlerParts = {
  recoveryPasskeyKeeper: RecoveryPasskeyKeeper
  sudoMode: SudoMode
  sessionFinder: SessionFinder
  accountStore: AccountStore
  visitorReader: VisitorReader
  door: Door
  deviceCookie: DeviceCookie
}

const passwordMissing = {
  heading: 'This account has no password',
  text: 'Make the recovery passkey in the profile, in a browser, or set a password there first.',
}

const secondStepDue = {
  heading: 'This account asks for a second step',
  text: 'Make the recovery passkey in the profile, in a browser: it is asked for there, too.',
}

/** Makes a new recovery passkey for a program whose person gives the password again; it is in the answer, once. */
export class PasskeyApiHandler {
  readonly #parts: PasskeyApiHandlerParts

  constructor(parts: PasskeyApiHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    withJsonBodies(app, (scope) => {
      scope.post('/api/user/regenerate-key', (req, reply) => this.#regenerate(req, reply))
    })
  }

  async #regenerate(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { recoveryPasskeyKeeper, sudoMode, sessionFinder, accountStore } = this.#parts
    const { visitorReader, door, deviceCookie } = this.#parts
    const signedIn = await sessionFinder.find(req)
    if (signedIn === null) return refuseStranger(reply)
    const password = readFormField(req.body, 'password')
    if (password.kind !== 'text')
      return sendRefusedFields(
        reply,
        [{ field: 'password' as const, reason: password.kind }],
        wordLoginProblem,
      )

    const { accountId } = signedIn.session
    const account = await accountStore.findById(accountId)
    if (account?.hasPassword === false)
      return sendRefusal(reply, 409, { kind: 'passwordMissing' }, passwordMissing)
    const visitor = visitorReader.read(req, reply)
    // A recovery passkey resets the password, which removes passkeys and a second step by them.
    if ((await sudoMode.findNeed(signedIn, visitor.deviceToken)) === 'elsewhere')
      return sendRefusal(reply, 409, { kind: 'secondStepDue' }, secondStepDue)
    const outcome = await sudoMode.look(signedIn, password.text, visitor)
    switch (outcome.kind) {
      case 'right': {
        // Before all else: the old token is dead.
        door.handOver(reply, { ...signedIn, token: outcome.token })
        if (outcome.deviceToken !== null) deviceCookie.write(reply, outcome.deviceToken)
        const newPasskey = await recoveryPasskeyKeeper.handOver(outcome.account, visitor)
        // The account was removed, or got another password, at this very moment.
        if (newPasskey === null) return refuseStranger(reply)
        req.log.info({ accountId }, 'a new recovery passkey was made')
        return reply.send({ newPasskey })
      }
      case 'sessionOver':
        return refuseStranger(reply)
      case 'incorrectPassword':
      case 'coolingDown':
      case 'addressCoolingDown':
      case 'locked':
      case 'busy':
        req.log.info({ accountId, clientAddress: req.ip }, `sudo: ${outcome.kind}`)
        return sendRefusal(reply, sudoStatuses[outcome.kind], outcome, wordSudoRefusal(outcome))
    }
  }
}

function refuseStranger(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, 401, { error: 'notSignedIn', message: 'Please sign in first.' })
}
