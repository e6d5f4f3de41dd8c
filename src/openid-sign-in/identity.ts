/** Who somebody is at another service: OpenID Connect Core 1.0, section 5.7. An e-mail address is no such thing. */
export type Identity = { issuer: string; subject: string }

/** An identity that was proved just now, and what the service tells besides, none of which is believed. */
export type ProvedIdentity = Identity & {
  email: string | null
  /** Names that its owner goes by there, the most fitting first. */
  names: readonly string[]
}

/** Visible ASCII and spaces, 255 at most: what section 2 allows, and nothing that a database refuses. */
const subjectShape = /^[\x20-\x7e]{1,255}$/

/**
 * Reads an identity out of the claims of an ID token that was verified.
 *
 * @param issuer that of the token, as it is set here
 * @returns null when its subject is none
 */
export function toIdentity(issuer: string, claims: Readonly<Record<string, unknown>>): ProvedIdentity | null {
  const { sub, email, preferred_username: username, name } = claims
  if (typeof sub !== 'string' || !subjectShape.test(sub)) return null
  const names = [username, email, name].filter((each) => typeof each === 'string')
  return {
    issuer,
    subject: sub,
    email: typeof email === 'string' ? email : null,
    names: names.map((each) => each.replace(/@.*/s, '')),
  }
}
