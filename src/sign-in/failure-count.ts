/** Which failed attempt in a row this was, of how many that lock the account; and what one more brings with it. */
export type FailureCount = {
  failures: number
  limit: number
  next: NextFailure
  /** Whether the next attempt wants a captcha. */ needsCaptcha: boolean
}

export type NextFailure =
  /** Only counted; `cooldown` is the wait that is still ahead, if one is. */
  | { kind: 'count'; cooldown: { failures: number; seconds: number } | null }
  | { kind: 'cooldown'; cooldownSeconds: number }
  | { kind: 'lock' }
