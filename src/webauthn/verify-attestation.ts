import type { Attestation } from './attestation.js'
import type { NewCredential } from './credential.js'
import { isUsableKey } from './is-usable-key.js'
import { loadVerifier } from './load-verifier.js'
import type { RelyingParty } from './relying-party.js'
import { signatureAlgorithms } from './signature-algorithms.js'

/**
 * Verifies that a passkey was made for this site, in answer to this challenge, with somebody there: Web Authentication,
 * section 7.1.
 *
 * @returns null when anything about it is not as it should be
 */
export async function verifyAttestation(
  { credentialId: id, clientDataJSON, attestationObject, transports }: Attestation,
  challenge: string,
  { id: expectedRPID, origin: expectedOrigin }: RelyingParty,
): Promise<NewCredential | null> {
  const { verifyRegistrationResponse } = await loadVerifier()
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, attestationObject: await withoutStatement(attestationObject) },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...signatureAlgorithms],
    })
    if (!verified || registrationInfo.credential.id !== id) return null
    if (!(await isUsableKey(registrationInfo.credential.publicKey))) return null
    return {
      credentialId: id,
      publicKey: registrationInfo.credential.publicKey,
      signCount: registrationInfo.credential.counter,
      transports,
      isBackedUp: registrationInfo.credentialBackedUp,
      isBackupEligible: registrationInfo.credentialDeviceType === 'multiDevice',
      isUserVerified: registrationInfo.userVerified,
    }
  } catch {
    // It throws for whatever a client can do wrong.
    return null
  }
}

/**
 * Who made the authenticator was not asked, and is told all the same by some. To verify it would be to fetch lists of
 * revoked certificates from addresses that are named in there by whoever sends it.
 */
async function withoutStatement(attestationObject: string): Promise<string> {
  const { isoBase64URL, isoCBOR, decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData')
  const content = new Map<string, string | Uint8Array | Map<string, string>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, string>()],
    ['authData', authData],
  ])
  return isoBase64URL.fromBuffer(isoCBOR.encode(content))
}
