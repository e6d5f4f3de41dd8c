import type { FailureCount } from './failure-count.js'
import type { CaptchaRefusal } from './human-check.js'
import type { SignInRefusal } from './sign-in-gate.js'

/** Why somebody is not signed in, as they are told it. */
export type LoginRefusal =
  | ({ kind: 'usernameNotFound' | 'incorrectPassword' | 'incorrectCredentials' } & FailureCount)
  | { kind: 'passwordChanged' }
  | { kind: 'busy'; retryAfterSeconds: number }
  | SignInRefusal
  | CaptchaRefusal

/** Makes one of an unknown name and a wrong password, so that neither page nor program learns who exists. */
export function hideExistence(refusal: LoginRefusal): LoginRefusal {
  if (refusal.kind !== 'usernameNotFound' && refusal.kind !== 'incorrectPassword') return refusal
  const { failures, limit, next, needsCaptcha } = refusal
  return { kind: 'incorrectCredentials', failures, limit, next, needsCaptcha }
}
