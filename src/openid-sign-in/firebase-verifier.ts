import type { JWTVerifyGetKey } from 'jose'
import { firebaseIssuer } from './firebase-issuer.js'
import { toIdentity, type ProvedIdentity } from './identity.js'
import type { FirebaseRules } from './openid-rules.js'

export type FirebaseOutcome =
  | { kind: 'proved'; identity: ProvedIdentity }
  | { kind: 'refused'; cause: unknown }
  /** The keys cannot be had. */
  | { kind: 'unavailable'; cause: unknown }

const timeoutMs = 5_000
/** How far the clocks may differ. */
const toleranceSeconds = 30

/** What of the library's complaints is about a token; all else is about the keys. */
const tokenFaults = new Set([
  'ERR_JWT_CLAIM_VALIDATION_FAILED',
  'ERR_JWT_EXPIRED',
  'ERR_JWT_INVALID',
  'ERR_JWS_INVALID',
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
])

/** Verifies ID tokens of a Firebase project, by the list of checks in Firebase's documentation ("Verify ID Tokens"). */
export class FirebaseVerifier {
  readonly #rules: FirebaseRules
  readonly #now: () => Date
  #keys: JWTVerifyGetKey | undefined

  constructor({ rules, now }: { rules: FirebaseRules; now: () => Date }) {
    this.#rules = rules
    this.#now = now
  }

  /** @param idToken as it was sent */
  async verify(idToken: string): Promise<FirebaseOutcome> {
    const { projectId, jwksUrl } = this.#rules
    const issuer = firebaseIssuer(projectId)
    const { createRemoteJWKSet, jwtVerify } = await import('jose')
    this.#keys ??= createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: timeoutMs })
    try {
      const { payload, protectedHeader } = await jwtVerify(idToken, this.#keys, {
        algorithms: ['RS256'],
        audience: projectId,
        issuer,
        requiredClaims: ['exp', 'iat', 'sub', 'auth_time'],
        clockTolerance: toleranceSeconds,
        currentDate: this.#now(),
      })
      const identity = toIdentity(issuer, payload)
      const isSound =
        typeof protectedHeader.kid === 'string' &&
        payload.aud === projectId &&
        this.#isPast(payload.iat) &&
        this.#isPast(payload['auth_time'])
      return identity !== null && isSound
        ? { kind: 'proved', identity }
        : { kind: 'refused', cause: new Error('kid, aud, iat, auth_time or sub is not as it must be') }
    } catch (cause) {
      const isFault = cause instanceof Error && 'code' in cause && tokenFaults.has(String(cause.code))
      return { kind: isFault ? 'refused' : 'unavailable', cause }
    }
  }

  #isPast(seconds: unknown): boolean {
    const now = this.#now().getTime() / 1000
    return typeof seconds === 'number' && seconds <= now + toleranceSeconds
  }
}
