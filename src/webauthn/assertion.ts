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

/** Reads one from the fields of a form or a JSON body, which have the same names; null when one of them is missing. */
export function readAssertion(body: unknown): Assertion | null {
  const credentialId = readBase64url(body, 'id')
  const clientDataJSON = readBase64url(body, 'clientDataJSON')
  const authenticatorData = readBase64url(body, 'authenticatorData')
  const signature = readBase64url(body, 'signature')
  if (credentialId === null || clientDataJSON === null || authenticatorData === null || signature === null)
    return null
  const userHandle = readBase64url(body, 'userHandle')
  return { credentialId, clientDataJSON, authenticatorData, signature, userHandle }
}
