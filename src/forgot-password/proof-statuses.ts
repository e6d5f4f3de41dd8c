import type { ProveOutcome } from '../recovery/recovery-keeper.js'

/** The HTTP status of each outcome that lets somebody try again. */
export const proofStatuses: { [kind in Exclude<ProveOutcome['kind'], 'proved' | 'over'>]: number } = {
  unreadable: 400,
  wrong: 401,
  coolingDown: 429,
  addressCoolingDown: 429,
  busy: 503,
}
