/** Where somebody is who signs in, registers, or proves or changes something. */
export type Visitor = {
  clientAddress: string
  /** How the browser names itself; null when it does not. */
  userAgent: string | null
  /** What makes this browser a known one; null when it holds nothing. */
  deviceToken: string | null
  /** Aborts when they have gone; what still waits for hashing is then dropped. */
  signal: AbortSignal
  /** Whether they have shown that they are no program; left out by who has not. */
  isHuman?: boolean
}
