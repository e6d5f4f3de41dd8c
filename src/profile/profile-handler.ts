import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { emailStanding } from '../accounts/email-standing.js'
import type { ProfileStore } from '../accounts/profile-store.js'
import { sendHtml } from '../http/html-reply.js'
import type { LinkedIdentityStore } from '../openid-sign-in/linked-identity-store.js'
import type { RecoveryPasskeyKeeper } from '../recovery-passkey/recovery-passkey-keeper.js'
import type { StepChoice } from '../second-factor/step-choice.js'
import type { SecurityQuestionStore } from '../security-questions/security-question-store.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { CredentialStore } from '../webauthn/credential-store.js'
import type { ProfileDoor } from './profile-door.js'
import { wordProfileNotice } from './profile-notice.js'
import type { ProfilePageCreator } from './profile-page-creator.js'

export type ProfileHandlerParts = {
  profileDoor: ProfileDoor
  accountStore: AccountStore
  profileStore: ProfileStore
  sessionKeeper: SessionKeeper
  recoveryPasskeyKeeper: RecoveryPasskeyKeeper
  securityQuestionStore: SecurityQuestionStore
  stepChoice: StepChoice
  linkedIdentityStore: LinkedIdentityStore
  credentialStore: CredentialStore
  profilePageCreator: ProfilePageCreator
}

/** Shows what an account has, and where each thing is changed. */
export class ProfileHandler {
  readonly #parts: ProfileHandlerParts

  constructor(parts: ProfileHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/profile', (req, reply) => this.#showProfile(req, reply))
  }

  async #showProfile(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, accountStore, profileStore, sessionKeeper, profilePageCreator } = this.#parts
    const { recoveryPasskeyKeeper, securityQuestionStore, stepChoice, linkedIdentityStore, credentialStore } =
      this.#parts
    const visit = await profileDoor.admitOnward(req, reply, '/profile')
    if (visit === null) return reply
    const { accountId, username } = visit.signedIn.session
    const [account, profile, sessionCount, passkeySince, questions, identities, credentialCount] =
      await Promise.all([
        accountStore.findById(accountId),
        profileStore.find(accountId),
        sessionKeeper.countOf(accountId),
        recoveryPasskeyKeeper.madeSince(accountId),
        securityQuestionStore.find(accountId),
        linkedIdentityStore.findAllOf(accountId),
        credentialStore.countOf(accountId),
      ])
    const asked = account === null ? [] : (await stepChoice.find(account)).methods.map(({ name }) => name)
    const page = await profilePageCreator.buildProfilePage({
      username,
      app: visit.app,
      displayName: profile.displayName,
      email: account?.email ?? null,
      emailStanding: emailStanding(account),
      asksForCode: asked.includes('emailCode'),
      // What only stands in for another comes after that.
      asksForCredential: asked[0] === 'passkey',
      asksForApp: asked.includes('authenticatorCode'),
      sessionCount,
      hasPassword: account?.hasPassword !== false,
      hasIdentities: identities.length > 0,
      credentialCount,
      passkeySince,
      questionsSince: questions?.createdAt ?? null,
      isFirstVisit: profile.tutorialFinishedAt === null,
      done: wordProfileNotice(req.query),
    })
    return sendHtml(reply, 200, page)
  }
}
