import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { sendHtml } from '../http/html-reply.js'
import type { StepChoice } from '../second-factor/step-choice.js'
import type { SecondFactorKeeper } from '../sign-in-codes/second-factor-keeper.js'
import type { SecondFactorStore } from '../sign-in-codes/second-factor-store.js'
import type { SignedIn } from '../sign-in/door.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { ProfileDoor } from './profile-door.js'
import { noticeAddress } from './profile-notice.js'
import type { SignInCodePageCreator, SignInCodeState } from './sign-in-code-page-creator.js'

export type SignInCodeHandlerParts = {
  profileDoor: ProfileDoor
  sudoStep: SudoStep
  visitorReader: VisitorReader
  accountStore: AccountStore
  secondFactorStore: SecondFactorStore
  stepChoice: StepChoice
  secondFactorKeeper: SecondFactorKeeper
  signInCodePageCreator: SignInCodePageCreator
  /** Whether everybody is asked for a code, so that there is nothing to switch. */
  isRequired: boolean
}

const path = '/profile/sign-in-code'

/** Where one chooses whether signing in asks for a code by mail; the password is asked for again. */
export class SignInCodeHandler {
  readonly #parts: SignInCodeHandlerParts

  constructor(parts: SignInCodeHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showPage(req, reply))
    if (this.#parts.isRequired) return
    app.post(`${path}/on`, (req, reply) => this.#switch(req, reply, 'on'))
    app.post(`${path}/off`, (req, reply) => this.#switch(req, reply, 'off'))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, signInCodePageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const state = await this.#describe(req, signedIn)
    return sendHtml(reply, 200, await signInCodePageCreator.buildSignInCodePage(state, null))
  }

  async #switch(req: FastifyRequest, reply: FastifyReply, to: 'on' | 'off'): Promise<FastifyReply> {
    const { profileDoor, sudoStep, visitorReader, secondFactorKeeper, signInCodePageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const passage = await sudoStep.pass(req, reply, signedIn, path)
    if (passage === null) return reply
    if (passage.kind === 'refused') {
      const state = await this.#describe(req, signedIn)
      const page = await signInCodePageCreator.buildSignInCodePage(state, passage.notice)
      return sendHtml(reply, passage.statusCode, page)
    }
    const { kind } = await secondFactorKeeper.switch(passage.signedIn, to, visitorReader.read(req, reply))
    // The page says why, to whoever comes to it now.
    if (kind !== 'switched') return reply.redirect(path, 303)
    req.log.info({ accountId: signedIn.session.accountId }, `code at sign-in: ${to}`)
    return reply.redirect(noticeAddress('/profile', to === 'on' ? 'signInCodeOn' : 'signInCodeOff'), 303)
  }

  async #describe(req: FastifyRequest, signedIn: SignedIn): Promise<SignInCodeState> {
    const { accountStore, secondFactorStore, stepChoice, sudoStep, isRequired } = this.#parts
    const { accountId, username } = signedIn.session
    const [account, onSince, password] = await Promise.all([
      accountStore.findById(accountId),
      secondFactorStore.find(accountId),
      sudoStep.describe(req, signedIn),
    ])
    const email = account !== null && account.emailConfirmedAt !== null ? account.email : null
    const asked = account === null ? [] : (await stepChoice.find(account)).methods
    const isReplaced = isRequired && !asked.some(({ name }) => name === 'emailCode')
    return { username, email, onSince, isRequired, isReplaced, ...password }
  }
}
