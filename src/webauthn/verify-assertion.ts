import type { Assertion } from './assertion.js'
import type { CredentialKey, CredentialUse } from './credential.js'
import { loadVerifier } from './load-verifier.js'
import type { RelyingParty } from './relying-party.js'

export type VerifiedAssertion = Omit<CredentialUse, 'at'> & { isUserVerified: boolean }

/**
 * Verifies that a passkey has signed this challenge for this site, with somebody there: Web Authentication, section 7.2,
 * but for the count of signatures.
 *
 * @returns null when anything about it is not as it should be
 */
export async function verifyAssertion(
  { credentialId: id, clientDataJSON, authenticatorData, signature }: Assertion,
  { publicKey, isBackupEligible: wasEligible }: CredentialKey,
  challenge: string,
  { id: expectedRPID, origin: expectedOrigin }: RelyingParty,
): Promise<VerifiedAssertion | null> {
  const { verifyAuthenticationResponse } = await loadVerifier()
  try {
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin,
      expectedRPID,
      // The count is compared where it is noted, in one statement.
      credential: { id, publicKey, counter: 0 },
      requireUserVerification: false,
    })
    const isBackupEligible = info.credentialDeviceType === 'multiDevice'
    if (!verified || isBackupEligible !== (wasEligible ?? isBackupEligible)) return null
    return {
      signCount: info.newCounter,
      isBackedUp: info.credentialBackedUp,
      isBackupEligible,
      isUserVerified: info.userVerified,
    }
  } catch {
    // It throws for whatever a client can do wrong.
    return null
  }
}
