import type { Visitor } from '../sign-in/visitor.js'
import type { JudgedRefusal } from './assertion-refusal.js'
import type { Assertion } from './assertion.js'
import type { ChallengeDesk, ChallengeHolder } from './challenge-desk.js'
import { readClientData } from './client-data.js'
import type { CopyAlarm } from './copy-alarm.js'
import type { CredentialStore } from './credential-store.js'
import type { CredentialKey } from './credential.js'
import type { RelyingParty } from './relying-party.js'
import { verifyAssertion } from './verify-assertion.js'

export type JudgedAssertion =
  | {
      kind: 'right'
      accountId: string
      /** Of the account before the use was noted: a reset of the password removes passkeys, and no use may outlive it. */
      passwordVersion: number
      credentialId: string
      /** Whether the authenticator knows its owner, by a PIN or a finger: then it is two factors in one. */
      isUserVerified: boolean
      /** Whether it says so as never before: who has found it may have set the PIN. It counts once another factor is shown. */
      hasNewUv: boolean
    }
  | JudgedRefusal

/** Who has signed, where that is known beforehand. */
export type ExpectedSigner = { accountId: string }

export type AssertionJudgeParts = {
  challengeDesk: ChallengeDesk
  credentialStore: CredentialStore
  copyAlarm: Pick<CopyAlarm, 'raise'>
  now: () => Date
}

/** Judges assertions by the steps of Web Authentication, section 7.2. It knows neither forms nor sessions. */
export class AssertionJudge {
  readonly #parts: AssertionJudgeParts

  constructor(parts: AssertionJudgeParts) {
    this.#parts = parts
  }

  /**
   * Judges an assertion, and uses its challenge up when it is right.
   *
   * @param holder whom the challenge was issued to
   * @param signer null when the passkey is to tell whose it is
   * @throws DatabaseUnavailable
   */
  async judge(
    assertion: Assertion,
    holder: ChallengeHolder,
    relyingParty: RelyingParty,
    visitor: Visitor,
    signer: ExpectedSigner | null = null,
  ): Promise<JudgedAssertion> {
    const { challengeDesk, credentialStore, now } = this.#parts
    const clientData = readClientData(assertion.clientDataJSON)
    if (clientData === null) return { kind: 'unreadableAssertion' }
    if (clientData.isFramed) return { kind: 'assertionRefused' }
    const open = await challengeDesk.find(clientData.challenge, holder)
    if (open === null) return { kind: 'challengeOver' }
    const key = await credentialStore.findKey(assertion.credentialId)
    if (key === null || !isOf(signer, assertion, key)) return { kind: 'unknownCredential' }
    const verified = await verifyAssertion(assertion, key, open.challenge, relyingParty)
    if (verified === null) return { kind: 'assertionRefused' }
    if (!(await challengeDesk.take(open))) return { kind: 'challengeOver' }
    const { isUserVerified, ...use } = verified
    const isNoted = await credentialStore.noteUse(key.id, { ...use, at: now() })
    if (!isNoted) return this.#explain(key.accountId, assertion.credentialId, visitor)
    return {
      kind: 'right',
      accountId: key.accountId,
      passwordVersion: key.passwordVersion,
      credentialId: key.id,
      isUserVerified: isUserVerified && key.isUvInitialized,
      hasNewUv: isUserVerified && !key.isUvInitialized,
    }
  }

  /** Why the use of a passkey was not noted. */
  async #explain(accountId: string, credentialId: string, visitor: Visitor): Promise<JudgedRefusal> {
    const { credentialStore, copyAlarm } = this.#parts
    if ((await credentialStore.findKey(credentialId)) === null) return { kind: 'unknownCredential' }
    await copyAlarm.raise(accountId, visitor)
    return { kind: 'credentialCopied' }
  }
}

/** Section 7.2, step 6: an authenticator that was told which passkeys are meant need not say whose they are. */
function isOf(signer: ExpectedSigner | null, { userHandle }: Assertion, key: CredentialKey): boolean {
  if (signer === null) return userHandle === key.userHandle
  return signer.accountId === key.accountId && (userHandle === null || userHandle === key.userHandle)
}
