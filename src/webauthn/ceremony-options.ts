import { challengeSeconds } from './challenge-desk.js'
import type { CredentialDescriptor } from './credential.js'
import type { RelyingParty } from './relying-party.js'
import { signatureAlgorithms } from './signature-algorithms.js'

const timeout = challengeSeconds * 1000

/** As whom a passkey shows its account to its owner. */
export type WebauthnUser = { /** Its user handle. */ id: string; name: string; displayName: string }

/**
 * What a page asks a browser for to sign somebody in, whoever it is: Web Authentication, section 5.5, in its form for JSON.
 *
 * @param allowed those of one account; none for any passkey of this site
 * @param userVerification whether an authenticator has to make sure that it is its owner
 */
export function requestOptions(
  challenge: string,
  { id: rpId }: RelyingParty,
  allowed: CredentialDescriptor[] = [],
  userVerification: 'preferred' | 'required' = 'preferred',
) {
  return { challenge, rpId, allowCredentials: allowed, userVerification, timeout }
}

/**
 * What a page asks a browser for to make a passkey: Web Authentication, section 5.4, in its form for JSON.
 *
 * @param known those that the account has; an authenticator makes no second one beside them
 */
export function creationOptions(
  challenge: string,
  { id }: RelyingParty,
  user: WebauthnUser,
  known: CredentialDescriptor[],
  serviceName: string,
) {
  return {
    challenge,
    rp: { id, name: serviceName },
    user,
    pubKeyCredParams: signatureAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: known,
    // Without a name typed in, only such a passkey can say whose it is.
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'preferred',
    },
    attestation: 'none',
    timeout,
  }
}
