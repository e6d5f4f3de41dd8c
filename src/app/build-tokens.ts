import { VisitorReader } from '../sign-in/visitor-reader.js'
import { AccessTokenIssuer } from '../tokens/access-token-issuer.js'
import { JwksHandler } from '../tokens/jwks-handler.js'
import { KeyRing } from '../tokens/key-ring.js'
import { openSigningKeys } from '../tokens/open-signing-keys.js'
import { RefreshTokenStore } from '../tokens/refresh-token-store.js'
import { TokenCookies } from '../tokens/token-cookies.js'
import { TokenDesk } from '../tokens/token-desk.js'
import { TokenKeeper } from '../tokens/token-keeper.js'
import { TokenRefreshHandler } from '../tokens/token-refresh-handler.js'
import { TokenUpkeep } from '../tokens/token-upkeep.js'
import { TokenWishReader } from '../tokens/token-wish-reader.js'
import type { Site } from './app-parts.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'
import type { SiblingApps } from './build-sibling-apps.js'

export type Tokens = ReturnType<typeof buildTokens>

type Parts = { site: Site; ground: Ground; people: People; siblingApps: SiblingApps }

/** Tokens for programs, and the keys that sign them; built before signing in, which has a socket for it. */
export function buildTokens({ site, ground, people, siblingApps }: Parts) {
  const { config, database, logger, now } = site
  const { sessionFinder, sessionKeeper, securityEventRecorder } = people
  const keys = openSigningKeys(database, config.tokens, now)
  const keyRing = new KeyRing({ ...keys, now })
  const accessTokenIssuer = new AccessTokenIssuer({ ...config.tokens, keyRing, now })
  const tokenKeeper = new TokenKeeper({
    database,
    sessionKeeper,
    accessTokenIssuer,
    rules: config.tokens,
    now,
  })
  const tokenCookies = new TokenCookies(config)
  const tokenWishReader = new TokenWishReader(siblingApps.redirectPolicy, config.publicOrigin)
  const tokenDesk = new TokenDesk({ keyRing, tokenKeeper, tokenCookies, tokenWishReader, now })
  const visitorReader = new VisitorReader(ground.deviceCookie)
  return {
    tokenDesk,
    handlers: [
      new JwksHandler(keyRing),
      new TokenRefreshHandler({
        tokenKeeper,
        tokenCookies,
        tokenDesk,
        sessionFinder,
        securityEventRecorder,
        visitorReader,
        now,
      }),
    ],
    upkeep: [
      new TokenUpkeep({
        refreshTokenStore: new RefreshTokenStore(database),
        signingKeyKeeper: keys.signingKeyKeeper,
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
