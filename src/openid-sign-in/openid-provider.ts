import type * as Openid from 'openid-client'
import type { ErrandPapers } from './errand.js'
import { isOutage } from './is-outage.js'
import { toIdentity, type ProvedIdentity } from './identity.js'
import type { OpenidRules } from './openid-rules.js'

type Library = typeof Openid
type Discovery = { library: Library; configuration: Openid.Configuration }

const timeoutSeconds = 5
/** What a provider says of itself may change, seldom. */
const discoveryLastsMs = 3_600_000
/** So that one which is down is not asked, and waited for, by everybody who comes. */
const failureLastsMs = 10_000

export type ReturnOutcome =
  | {
      kind: 'proved'
      identity: ProvedIdentity
      /** When they last had to show there who they are; null when the provider does not say. */
      authenticatedAt: Date | null
    }
  /** They did not want to, or were not allowed to. */
  | { kind: 'declined' }
  /** Something in the answer is not as it must be. */
  | { kind: 'refused'; cause: unknown }
  | { kind: 'unavailable'; cause: unknown }

export type OpenidProviderParts = { rules: OpenidRules; now: () => Date }

/**
 * Another service that says who somebody is: OpenID Connect Core 1.0 by authorization code, with discovery, PKCE, `state`,
 * `nonce` and `iss` (RFC 9207). Asked for the first time when somebody wants to go there, and anew some seconds after that failed.
 */
export class OpenidProvider {
  readonly #rules: OpenidRules
  readonly #now: () => Date
  #asked: { discovery: Promise<Discovery>; until: number } | null = null

  constructor({ rules, now }: OpenidProviderParts) {
    this.#rules = rules
    this.#now = now
  }

  /**
   * Where to send a browser.
   *
   * @param redirectUri where it comes back to
   * @param isToBeProved whether they must show there anew who they are
   * @returns null when the provider cannot be asked how to send people there
   */
  async findWay(
    { state, nonce, codeVerifier }: ErrandPapers,
    redirectUri: string,
    isToBeProved: boolean,
  ): Promise<{ kind: 'found'; url: string } | Extract<ReturnOutcome, { kind: 'unavailable' }>> {
    try {
      const { library, configuration } = await this.#discover()
      const url = library.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await library.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(isToBeProved ? anewParameters : {}),
      })
      return { kind: 'found', url: url.href }
    } catch (cause) {
      return { kind: 'unavailable', cause }
    }
  }

  /** @param url at which a browser has come back, with its query */
  async redeem(url: URL, { state, nonce, codeVerifier }: ErrandPapers): Promise<ReturnOutcome> {
    try {
      const { library, configuration } = await this.#discover()
      const tokens = await library.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
      })
      return this.#read(tokens.claims() ?? {})
    } catch (cause) {
      if (isOutage(cause)) return { kind: 'unavailable', cause }
      return hasDeclined(cause) ? { kind: 'declined' } : { kind: 'refused', cause }
    }
  }

  #read(claims: Readonly<Record<string, unknown>>): ReturnOutcome {
    const { issuer, clientId } = this.#rules
    // The library looks at it only beside several audiences.
    if (claims['azp'] !== undefined && claims['azp'] !== clientId)
      return { kind: 'refused', cause: new Error('the ID token was issued to another client') }
    const identity = toIdentity(issuer, claims)
    if (identity === null) return { kind: 'refused', cause: new Error('the ID token has no usable subject') }
    const authTime = claims['auth_time']
    const authenticatedAt = typeof authTime === 'number' ? new Date(authTime * 1000) : null
    return { kind: 'proved', identity, authenticatedAt }
  }

  /** Those who come at the same time share one answer, and so do those who come soon after a failure. */
  #discover(): Promise<Discovery> {
    const now = this.#now().getTime()
    if (this.#asked !== null && this.#asked.until > now) return this.#asked.discovery
    const asked = { discovery: this.#ask(), until: now + discoveryLastsMs }
    asked.discovery.catch(() => {
      asked.until = this.#now().getTime() + failureLastsMs
    })
    this.#asked = asked
    return asked.discovery
  }

  async #ask(): Promise<Discovery> {
    // With its cryptography it is large, and most services do without.
    const library = await import('openid-client')
    const { issuer, clientId, clientSecret } = this.#rules
    const configuration = await library.discovery(
      new URL(issuer),
      clientId,
      {},
      clientSecret === null ? library.None() : authenticateBy(library, clientSecret),
      {
        timeout: timeoutSeconds,
        execute: [
          // Otherwise the library relies on TLS and looks at no signature.
          library.enableNonRepudiationChecks,
          ...(issuer.startsWith('http:') ? [library.allowInsecureRequests] : []),
        ],
      },
    )
    return { library, configuration }
  }
}

/** Google does not know the first two, and tells the time to registered apps that ask for it by the third. */
const anewParameters = {
  prompt: 'login',
  max_age: '0',
  claims: JSON.stringify({ id_token: { auth_time: { essential: true } } }),
}

/** As the provider wants it; RFC 8414, section 2, says what holds when it does not say. */
function authenticateBy(library: Library, secret: string): ReturnType<Library['ClientSecretPost']> {
  const [post, basic] = [library.ClientSecretPost(secret), library.ClientSecretBasic(secret)]
  return (server, ...call) => {
    const takesPost = server.token_endpoint_auth_methods_supported?.includes('client_secret_post')
    return (takesPost === true ? post : basic)(server, ...call)
  }
}

function hasDeclined(cause: unknown): boolean {
  return cause instanceof Error && 'error' in cause && cause.error === 'access_denied'
}
