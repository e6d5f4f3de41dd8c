import type { TokenAddress } from './access-token-issuer.js'

/** What a program asks for beside its session. */
export type TokenWish = {
  address: TokenAddress
  /** Whether the access token is wanted in the body of the answer too. */
  isInBody: boolean
}

/** What is wrong with a wish. */
export type TokenWishProblem =
  | { field: 'audience'; reason: 'repeated' | 'noOrigin' }
  | { field: 'audience'; reason: 'notAllowed'; origin: string }
  | { field: 'include'; reason: 'unknown' }
