/** Why a session was ended that its browser did not sign out of. */
export const END_REASONS = [
  'endedByOwner',
  'passwordChanged',
  'passwordReset',
  'endedByOperator',
  'passwordSetByOperator',
  'accountDeleted',
] as const

export type EndReason = (typeof END_REASONS)[number]
