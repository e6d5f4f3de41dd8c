import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseEmail } from '../accounts/parse-email.js'
import { readUsername } from '../accounts/read-username.js'
import { readFormField } from '../http/form-field.js'
import { withJsonBodies } from '../http/json-routes.js'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import { admitKnown } from '../sign-in/admit-known.js'
import type { ProgramWelcome } from '../sign-in/program-welcome.js'
import type { SecondStep } from '../sign-in/second-step.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { SessionStarter } from '../sign-in/session-starter.js'
import type { SignInGate } from '../sign-in/sign-in-gate.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { Visitor } from '../sign-in/visitor.js'
import { wordRegisterProblem } from '../sign-in/word-register-problem.js'
import { wordRegisterRefusal } from '../sign-in/word-register-refusal.js'
import { describeCause } from './describe-cause.js'
import type { FirebaseVerifier } from './firebase-verifier.js'
import type { ProvedIdentity } from './identity.js'
import type { AddOutcome, IdentityKeeper, NewcomerWish } from './identity-keeper.js'

export type FirebaseHandlerParts = {
  firebaseVerifier: FirebaseVerifier
  identityKeeper: IdentityKeeper
  signInGate: SignInGate
  secondStep: SecondStep
  sessionStarter: SessionStarter
  programWelcome: ProgramWelcome
  visitorReader: VisitorReader
}

const retryAfterSeconds = 30

const refusedToken = {
  heading: 'The Firebase ID token was not accepted',
  text: 'It is not of this project, has expired, or is not signed as it must be. Get a new one.',
}
const noKeys = {
  heading: 'Firebase cannot be reached right now',
  text: 'The keys that its tokens are signed with cannot be had. Try again in a minute.',
}
const usernameNeeded = {
  heading: 'This person is new here',
  text: 'Send the token again with the username that they choose.',
}
const accountChanged = {
  heading: 'This account has just been changed',
  text: 'Whoever runs this service did so at this very moment. Sign in again.',
}

/** Signs programs in by a Firebase ID token: as `POST /api/login` does by a password. */
export class FirebaseHandler {
  readonly #parts: FirebaseHandlerParts

  constructor(parts: FirebaseHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const preHandler = this.#parts.programWelcome.check
    withJsonBodies(app, (scope) => {
      scope.post('/api/login/firebase', { preHandler }, (req, reply) => this.#login(req, reply))
    })
  }

  async #login(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { firebaseVerifier, identityKeeper, visitorReader } = this.#parts
    const idToken = readFormField(req.body, 'idToken')
    if (idToken.kind !== 'text')
      return sendRefusedFields(reply, [{ field: 'idToken' }], () => 'Send the ID token as one text.')
    const outcome = await firebaseVerifier.verify(idToken.text)
    if (outcome.kind === 'unavailable') {
      req.log.warn(describeCause(outcome.cause), 'the keys of Firebase could not be had')
      return sendRefusal(reply, 503, { kind: 'providerUnavailable', retryAfterSeconds }, noKeys)
    }
    if (outcome.kind === 'refused') {
      req.log.info(
        { ...describeCause(outcome.cause), clientAddress: req.ip },
        'a Firebase ID token was refused',
      )
      return sendRefusal(reply, 401, { kind: 'invalidIdToken' }, refusedToken)
    }
    const visitor = visitorReader.read(req, reply)
    const account = await identityKeeper.find(outcome.identity)
    return account === null
      ? this.#register(req, reply, outcome.identity, visitor)
      : this.#goOn(req, reply, { kind: 'known', account }, visitor)
  }

  async #register(
    req: FastifyRequest,
    reply: FastifyReply,
    identity: ProvedIdentity,
    visitor: Visitor,
  ): Promise<FastifyReply> {
    const { outcome: username } = readUsername(req.body)
    if (username.kind === 'empty') return sendRefusal(reply, 409, { kind: 'usernameNeeded' }, usernameNeeded)
    if (username.kind !== 'valid')
      return sendRefusedFields(
        reply,
        [{ field: 'username' as const, refusal: username }],
        wordRegisterProblem,
      )
    const added = await this.#add(identity, username, visitor)
    if (added.kind === 'known' || added.kind === 'added') return this.#goOn(req, reply, added, visitor)
    const words = wordRegisterRefusal({ kind: 'usernameUnavailable' })
    return sendRefusal(reply, 409, { kind: 'usernameUnavailable' }, words)
  }

  /** An address that is somebody's is left out, and nobody is told: the program has not asked for it. */
  async #add(
    identity: ProvedIdentity,
    username: NewcomerWish['username'],
    visitor: Visitor,
  ): Promise<AddOutcome> {
    const { identityKeeper } = this.#parts
    const parsed = parseEmail(identity.email ?? '')
    const email = parsed.kind === 'valid' ? parsed : null
    const outcome = await identityKeeper.add(identity, { username, email }, visitor)
    return outcome.kind === 'emailUnavailable'
      ? identityKeeper.add(identity, { username, email: null }, visitor)
      : outcome
  }

  async #goOn(
    req: FastifyRequest,
    reply: FastifyReply,
    { kind, account }: Extract<AddOutcome, { kind: 'added' | 'known' }>,
    visitor: Visitor,
  ): Promise<FastifyReply> {
    const { secondStep, sessionStarter, programWelcome } = this.#parts
    const person = await admitKnown(account, { kind: 'provider' }, visitor, this.#parts)
    if (person.kind === 'secondStepDue')
      return secondStep.tell(req, reply, account, visitor, person.firstFactor)
    const isNew = kind === 'added'
    const session = await sessionStarter.start(req, person, visitor, isNew ? 'registered' : 'signed in')
    if (session === null) return sendRefusal(reply, 401, { kind: 'accountChanged' }, accountChanged)
    return programWelcome.send(reply, isNew ? 201 : 200, session, visitor)
  }
}
