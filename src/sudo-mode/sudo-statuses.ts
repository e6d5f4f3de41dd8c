import type { SudoRefusal } from './sudo-outcome.js'

/** The HTTP status of each refusal. */
export const sudoStatuses: { [kind in SudoRefusal['kind']]: number } = {
  passwordNeeded: 400,
  incorrectPassword: 401,
  locked: 403,
  coolingDown: 429,
  addressCoolingDown: 429,
  busy: 503,
}
