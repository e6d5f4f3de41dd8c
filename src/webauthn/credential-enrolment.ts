import type { FastifyRequest } from 'fastify'
import type { ProfileStore } from '../accounts/profile-store.js'
import type { SignedIn } from '../sign-in/door.js'
import type { Visitor } from '../sign-in/visitor.js'
import { readAttestation } from './attestation.js'
import { creationOptions } from './ceremony-options.js'
import type { ChallengeDesk, ChallengeHolder } from './challenge-desk.js'
import { readClientData } from './client-data.js'
import type { AddOutcome, CredentialKeeper } from './credential-keeper.js'
import type { CredentialStore } from './credential-store.js'
import { findRelyingParty } from './relying-party.js'
import type { UserHandleStore } from './user-handle-store.js'
import { verifyAttestation } from './verify-attestation.js'

export type EnrolmentOutcome =
  | AddOutcome
  /** The challenge was not issued to this session, too long ago, or answered before. */
  | { kind: 'challengeOver' }
  /** It was made for another site, or is no passkey at all. */
  | { kind: 'refused' }

export type CredentialEnrolmentParts = {
  challengeDesk: ChallengeDesk
  credentialStore: CredentialStore
  credentialKeeper: CredentialKeeper
  userHandleStore: UserHandleStore
  profileStore: ProfileStore
  /** Calls a passkey by the browser that it is made in. */
  suggestName: (userAgent: string | null) => Promise<string>
  publicOrigin: string | null
  serviceName: string
}

/** Has a browser make a passkey for somebody who is signed in, and takes it: Web Authentication, section 7.1. */
export class CredentialEnrolment {
  readonly #parts: CredentialEnrolmentParts

  constructor(parts: CredentialEnrolmentParts) {
    this.#parts = parts
  }

  /** What the browser has to be asked for; null where it has no passkeys. @throws DatabaseUnavailable */
  async ask(req: FastifyRequest, signedIn: SignedIn): Promise<ReturnType<typeof creationOptions> | null> {
    const { challengeDesk, credentialStore, userHandleStore, profileStore, publicOrigin, serviceName } =
      this.#parts
    const relyingParty = findRelyingParty(req, publicOrigin)
    if (relyingParty === null) return null
    const { accountId, username } = signedIn.session
    const [challenge, id, { displayName }, known] = await Promise.all([
      challengeDesk.issue(holderOf(signedIn)),
      userHandleStore.findOrMake(accountId),
      profileStore.find(accountId),
      credentialStore.describeAllOf(accountId),
    ])
    if (id === null) return null
    const user = { id, name: username, displayName: displayName ?? username }
    return creationOptions(challenge, relyingParty, user, known, serviceName)
  }

  /** @throws DatabaseUnavailable */
  async take(req: FastifyRequest, signedIn: SignedIn, visitor: Visitor): Promise<EnrolmentOutcome> {
    const { challengeDesk, credentialKeeper, suggestName, publicOrigin } = this.#parts
    const relyingParty = findRelyingParty(req, publicOrigin)
    const attestation = readAttestation(req.body)
    const clientData = attestation === null ? null : readClientData(attestation.clientDataJSON)
    if (relyingParty === null || attestation === null || clientData === null || clientData.isFramed)
      return { kind: 'refused' }
    const open = await challengeDesk.find(clientData.challenge, holderOf(signedIn))
    if (open === null) return { kind: 'challengeOver' }
    const credential = await verifyAttestation(attestation, open.challenge, relyingParty)
    if (credential === null) return { kind: 'refused' }
    if (!(await challengeDesk.take(open))) return { kind: 'challengeOver' }
    return credentialKeeper.add(signedIn, await suggestName(visitor.userAgent), credential, visitor)
  }
}

function holderOf({ session }: SignedIn): ChallengeHolder {
  return { purpose: 'create', holder: session.id }
}
