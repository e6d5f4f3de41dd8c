import type { FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { ownOrigin } from '../http/own-origin.js'
import type { RedirectPolicy } from '../sibling-apps/redirect-policy.js'
import type { TokenWish, TokenWishProblem } from './token-wish.js'

/** Longer than any origin; what is signed has to fit into a cookie. */
const longestOrigin = 300

export type TokenWishOutcome =
  | { kind: 'valid'; wish: TokenWish }
  | { kind: 'invalid'; problems: TokenWishProblem[] }

/** Reads for which app a program wants an access token, and where. Apps are the origins that people may be sent to. */
export class TokenWishReader {
  readonly #policy: RedirectPolicy
  readonly #publicOrigin: string | null

  constructor(policy: RedirectPolicy, publicOrigin: string | null) {
    this.#policy = policy
    this.#publicOrigin = publicOrigin
  }

  /** @throws HttpProblem 400 when the request names no usable host */
  read(request: FastifyRequest): TokenWishOutcome {
    const issuer = ownOrigin(request, this.#publicOrigin)
    const audience = this.#readAudience(request.body, issuer)
    const isInBody = readInclude(request.body)
    return typeof audience === 'string' && typeof isInBody === 'boolean'
      ? { kind: 'valid', wish: { address: { issuer, audience }, isInBody } }
      : { kind: 'invalid', problems: [audience, isInBody].filter((each) => typeof each === 'object') }
  }

  #readAudience(body: unknown, issuer: string): string | TokenWishProblem {
    const field = readFormField(body, 'audience')
    if (field.kind === 'missing') return issuer
    if (field.kind === 'repeated') return { field: 'audience', reason: 'repeated' }
    const url = field.kind === 'text' ? parseOrigin(field.text) : null
    if (url === null) return { field: 'audience', reason: 'noOrigin' }
    return this.#policy.allows(url, issuer)
      ? url.origin
      : { field: 'audience', reason: 'notAllowed', origin: url.origin }
  }
}

function readInclude(body: unknown): boolean | TokenWishProblem {
  const field = readFormField(body, 'include')
  if (field.kind === 'missing') return false
  return (field.kind === 'text' && field.text === 'accessToken') || { field: 'include', reason: 'unknown' }
}

function parseOrigin(text: string): URL | null {
  if (text.length > longestOrigin || !/^https?:\/\/[^\\]+$/i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.href === `${url.origin}/` ? url : null
}
