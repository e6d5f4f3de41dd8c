import type { Database } from '../database/database.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import { hashToken } from '../secrets/hash-token.js'
import { SealedBox } from '../secrets/sealed-box.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { AccessToken, AccessTokenIssuer, TokenAddress } from './access-token-issuer.js'
import { RefreshTokenStore, type RefreshToken } from './refresh-token-store.js'
import type { TokenRules } from './token-rules.js'

/** A refresh token as its bearer gets it. */
export type NewRefreshToken = { token: string; expiresAt: Date }

/** `refreshToken` is null where its bearer has a newer one already. */
export type IssuedTokens = { accessToken: AccessToken; refreshToken: NewRefreshToken | null }

export type RefreshOutcome =
  | ({ kind: 'refreshed' } & IssuedTokens)
  /** It is none, or expired, or its session has ended. */
  | { kind: 'refused' }
  /** It was used before, and not just now: somebody has copied it. All of its session are ended. */
  | { kind: 'reused'; accountId: string }

export type TokenKeeperParts = {
  database: Database
  sessionKeeper: SessionKeeper
  accessTokenIssuer: AccessTokenIssuer
  rules: Pick<TokenRules, 'refreshSeconds' | 'graceSeconds'>
  now: () => Date
}

/**
 * The life of tokens: they belong to a session and end with it. Each refresh token works once and brings the next, by
 * RFC 9700, section 4.14.2; a second use ends all of the session. It knows no cookies.
 */
export class TokenKeeper {
  readonly #parts: TokenKeeperParts
  readonly #store: RefreshTokenStore

  constructor(parts: TokenKeeperParts) {
    this.#parts = parts
    this.#store = new RefreshTokenStore(parts.database)
  }

  /**
   * The first tokens of a session; null when it has ended at this moment.
   *
   * @param sessionToken of a session that has none yet
   * @throws DatabaseUnavailable; SigningKeyProblem
   */
  async begin(sessionToken: string, address: TokenAddress): Promise<IssuedTokens | null> {
    const { sessionKeeper, accessTokenIssuer } = this.#parts
    const session = await sessionKeeper.find(sessionToken)
    if (session === null) return null
    const accessToken = await accessTokenIssuer.issue(session, address)
    const token = createRandomToken()
    const expiresAt = await this.#store.add(hashToken(token), hashToken(sessionToken), this.#expiry())
    return expiresAt === null ? null : { accessToken, refreshToken: { token, expiresAt } }
  }

  /**
   * Exchanges a refresh token for new tokens. All that can fail is done before the old one is used up.
   *
   * @param tokens all that came along: dead ones are passed over, of two live ones nobody can tell which is meant
   * @param ownSessionId the session that came along, too: another host of the domain may add tokens, but none of that; null for none
   * @throws DatabaseUnavailable; SigningKeyProblem
   */
  async refresh(
    tokens: readonly string[],
    address: TokenAddress,
    ownSessionId: string | null,
  ): Promise<RefreshOutcome> {
    const { sessionKeeper, accessTokenIssuer, now } = this.#parts
    const found = await this.#store.find(tokens.map(hashToken), now())
    const [known, ...others] = found.filter(
      ({ sessionId }) => ownSessionId === null || sessionId === ownSessionId,
    )
    const token = tokens.find((each) => known?.tokenHash.equals(hashToken(each)))
    if (known === undefined || others.length > 0 || token === undefined) return { kind: 'refused' }
    const session = await sessionKeeper.findByKey(known.sessionKey)
    if (session === null) return { kind: 'refused' }
    const accessToken = await accessTokenIssuer.issue(session, address)
    if (known.usedAt === null) {
      const refreshToken = await this.#rotate(token, known)
      if (refreshToken !== null) return { kind: 'refreshed', accessToken, refreshToken }
    }
    // Also when another use has won meanwhile.
    const [latest] = await this.#store.find([known.tokenHash], now())
    if (!latest?.usedAt) return { kind: 'refused' }
    if (this.#isInGrace(latest.usedAt)) {
      return { kind: 'refreshed', accessToken, refreshToken: await this.#successor(token, latest) }
    }
    return (await this.#endFamily(latest.sessionId))
      ? { kind: 'reused', accountId: latest.accountId }
      : { kind: 'refused' }
  }

  async #rotate(token: string, { tokenHash, sessionId }: RefreshToken): Promise<NewRefreshToken | null> {
    const successor = createRandomToken()
    const expiresAt = await this.#store.rotate({
      tokenHash,
      successorHash: hashToken(successor),
      sealedSuccessor: boxOf(token).seal(Buffer.from(successor), sessionId),
      now: this.#parts.now(),
      expiresAt: this.#expiry(),
    })
    return expiresAt === null ? null : { token: successor, expiresAt }
  }

  /**
   * What took the place of a token that was used, so that tabs that used it together, and a client whose answer was lost,
   * go on with one and the same. Null when that was used too: then this client has a newer one.
   */
  async #successor(
    token: string,
    { sessionId, sealedSuccessor }: RefreshToken,
  ): Promise<NewRefreshToken | null> {
    const opened = sealedSuccessor && boxOf(token).open(sealedSuccessor, sessionId)?.toString()
    if (!opened) return null
    const [successor] = await this.#store.find([hashToken(opened)], this.#parts.now())
    return successor?.usedAt === null ? { token: opened, expiresAt: successor.expiresAt } : null
  }

  async #endFamily(sessionId: string): Promise<boolean> {
    return this.#parts.database.transaction(async (client) => {
      const store = new RefreshTokenStore(client)
      // In a statement of its own: the next one then sees what a rotation under way has put in place.
      await store.lockFamily(sessionId)
      return store.endFamily(sessionId)
    })
  }

  #isInGrace(usedAt: Date): boolean {
    return this.#parts.now().getTime() - usedAt.getTime() < this.#parts.rules.graceSeconds * 1000
  }

  #expiry(): Date {
    return new Date(this.#parts.now().getTime() + this.#parts.rules.refreshSeconds * 1000)
  }
}

function boxOf(token: string): SealedBox {
  return new SealedBox(token, 'next refresh token')
}
