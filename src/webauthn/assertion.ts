import { mostClientDataBytes, mostIdBytes, mostUserHandleBytes } from './most-bytes.js'
import { readBase64url } from './read-base64url.js'

/** What an authenticator has signed to show that it has a passkey, all in base64url: Web Authentication, section 5.2.2. */
export type Assertion = {
  credentialId: string
  clientDataJSON: string
  authenticatorData: string
  signature: string
  /** Null where the authenticator keeps none. */
  userHandle: string | null
}

/** An RSA key of 4096 bits makes 512. */
const mostSignatureBytes = 1024
/** 37 without extensions, of which none is asked for. */
const mostAuthenticatorDataBytes = 1024

/** Reads one from the fields of a form or a JSON body, which have the same names; null when one of them is missing, or longer than any is. */
export function readAssertion(body: unknown): Assertion | null {
  const credentialId = readBase64url(body, 'id', mostIdBytes)
  const clientDataJSON = readBase64url(body, 'clientDataJSON', mostClientDataBytes)
  const authenticatorData = readBase64url(body, 'authenticatorData', mostAuthenticatorDataBytes)
  const signature = readBase64url(body, 'signature', mostSignatureBytes)
  if (credentialId === null || clientDataJSON === null || authenticatorData === null || signature === null)
    return null
  const userHandle = readBase64url(body, 'userHandle', mostUserHandleBytes)
  return { credentialId, clientDataJSON, authenticatorData, signature, userHandle }
}
