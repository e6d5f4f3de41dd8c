import type { LoginRefusal } from './login-refusal.js'

/** The HTTP status of each reason for which somebody is not signed in. */
export const loginStatuses: Record<LoginRefusal['kind'], number> = {
  usernameNotFound: 401,
  incorrectPassword: 401,
  incorrectCredentials: 401,
  passwordChanged: 401,
  // Not 401: the name and the password may be right, what they came with is not enough (RFC 9110, section 15.5.4).
  captchaNeeded: 403,
  locked: 403,
  coolingDown: 429,
  addressCoolingDown: 429,
  busy: 503,
}
