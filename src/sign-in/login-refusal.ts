import type { SignInRefusal } from './sign-in-gate.js'

/** Which failed attempt in a row this was, of how many that lock the account. */
export type FailureCount = { failures: number; limit: number }

/** Why somebody is not signed in, as they are told it. */
export type LoginRefusal =
  | ({ kind: 'usernameNotFound' | 'incorrectPassword' | 'incorrectCredentials' } & FailureCount)
  | { kind: 'passwordChanged' }
  | { kind: 'busy'; retryAfterSeconds: number }
  | SignInRefusal

/** Makes one of an unknown name and a wrong password, so that neither page nor program learns who exists. */
export function hideExistence(refusal: LoginRefusal): LoginRefusal {
  if (refusal.kind !== 'usernameNotFound' && refusal.kind !== 'incorrectPassword') return refusal
  return { kind: 'incorrectCredentials', failures: refusal.failures, limit: refusal.limit }
}
