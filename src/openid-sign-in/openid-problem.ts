/** Why coming back from another service leads no further. */
export type OpenidProblem =
  /** It cannot be reached, or is not well. */
  | { kind: 'unavailable' }
  /** Too many answers to this network were refused: each has the provider asked. */
  | { kind: 'addressCoolingDown'; retryAfterSeconds: number }
  | { kind: 'declined' }
  /** Its answer is not as it must be. */
  | { kind: 'refused' }
  /** It took too long, was done already, or another browser set out. */
  | { kind: 'over' }
  /** It opens another account. */
  | { kind: 'identityTaken' }
  /** It is not the one that opens this account. */
  | { kind: 'anotherIdentity' }
  /** The service does not say that its owner had to show there just now who they are. */
  | { kind: 'notRecent' }

/** The HTTP status of each. */
export const problemStatuses: { [kind in OpenidProblem['kind']]: number } = {
  unavailable: 503,
  addressCoolingDown: 429,
  declined: 400,
  refused: 400,
  over: 400,
  identityTaken: 409,
  anotherIdentity: 403,
  notRecent: 403,
}
