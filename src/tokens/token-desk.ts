import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import type { ReadyTokens, TokenHandOver } from '../sign-in/token-hand-over.js'
import type { KeyRing } from './key-ring.js'
import type { TokenCookies } from './token-cookies.js'
import type { IssuedTokens, TokenKeeper } from './token-keeper.js'
import type { TokenWishReader } from './token-wish-reader.js'
import type { TokenWish } from './token-wish.js'
import { wordTokenWishProblem } from './word-token-wish-problem.js'

export type TokenDeskParts = {
  keyRing: KeyRing
  tokenKeeper: TokenKeeper
  tokenCookies: TokenCookies
  tokenWishReader: TokenWishReader
  now: () => Date
}

/** Hands tokens over as a program asks for them: in cookies always, the access token in the body too when it is asked for. */
export class TokenDesk implements TokenHandOver {
  readonly #parts: TokenDeskParts
  readonly #wishes = new WeakMap<FastifyRequest, TokenWish>()

  constructor(parts: TokenDeskParts) {
    this.#parts = parts
  }

  /** For a `preHandler`. @throws DatabaseUnavailable; SigningKeyProblem, before anything is done that would be left half-done */
  readonly check = async (req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const outcome = this.#parts.tokenWishReader.read(req)
    if (outcome.kind === 'invalid') return sendRefusedFields(reply, outcome.problems, wordTokenWishProblem)
    await this.#parts.keyRing.signer()
    this.#wishes.set(req, outcome.wish)
    return undefined
  }

  async begin(req: FastifyRequest, sessionToken: string): Promise<ReadyTokens | null> {
    const wish = this.wishOf(req)
    const tokens = await this.#parts.tokenKeeper.begin(sessionToken, wish.address)
    return tokens && this.makeReady(tokens, wish)
  }

  erase(reply: FastifyReply): void {
    this.#parts.tokenCookies.erase(reply)
  }

  /** What a request asks for that `check` has let through. */
  wishOf(req: FastifyRequest): TokenWish {
    const wish = this.#wishes.get(req)
    if (wish === undefined) throw new Error('a route that hands tokens over checks first what is asked for')
    return wish
  }

  makeReady(tokens: IssuedTokens, { isInBody }: TokenWish): ReadyTokens {
    const { tokenCookies, now } = this.#parts
    const { token, expiresIn } = tokens.accessToken
    return {
      fields: { accessTokenExpiresIn: expiresIn, ...(isInBody ? { accessToken: token } : {}) },
      write: (reply) => tokenCookies.write(reply, tokens, now()),
    }
  }
}
