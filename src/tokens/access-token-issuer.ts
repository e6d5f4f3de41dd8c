import { randomUUID } from 'node:crypto'
import type { Session } from '../sessions/session-store.js'
import type { KeyRing } from './key-ring.js'
import { signingAlgorithm } from './signing-algorithm.js'

/** Who gives out a token and to whom it speaks: origins both. */
export type TokenAddress = { issuer: string; audience: string }

/** `expiresIn` is in seconds. */
export type AccessToken = { token: string; expiresIn: number }

export type AccessTokenIssuerParts = { keyRing: KeyRing; accessSeconds: number; now: () => Date }

/**
 * Signs access tokens: JWTs (RFC 7519) with the claims of RFC 9068 but `client_id`, as there are no clients. They tell who
 * somebody is and nothing that may change while they live: no groups, no e-mail address.
 */
export class AccessTokenIssuer {
  readonly #parts: AccessTokenIssuerParts

  constructor(parts: AccessTokenIssuerParts) {
    this.#parts = parts
  }

  /**
   * A token for one app. It ends with the session at the latest.
   *
   * @throws DatabaseUnavailable; SigningKeyProblem
   */
  async issue(session: Session, { issuer, audience }: TokenAddress): Promise<AccessToken> {
    const { keyRing, accessSeconds, now } = this.#parts
    const { kid, privateJwk } = await keyRing.signer()
    const issuedAt = Math.floor(now().getTime() / 1000)
    const expiresAt = Math.min(issuedAt + accessSeconds, Math.floor(session.expiresAt.getTime() / 1000))
    // At first use: the library is of many modules, and not every process signs.
    const { SignJWT } = await import('jose')
    const token = await new SignJWT({
      sid: session.id,
      preferred_username: session.username,
      name: session.displayName ?? session.username,
    })
      .setProtectedHeader({ alg: signingAlgorithm, kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(session.accountId)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(privateJwk)
    return { token, expiresIn: expiresAt - issuedAt }
  }
}
