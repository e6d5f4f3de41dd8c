/** No password can be hashed at the moment, through no fault of the person: a 503, and worth a log line. */
export class HashingUnavailable extends Error {
  override name = 'HashingUnavailable'
  /** Whole seconds, at least 1, until another try makes sense. For `Retry-After`. */
  readonly retryAfterSeconds: number

  /** @param reason never names a password or a hash */
  constructor(reason: string, retryAfterSeconds = 1) {
    super(`Password hashing is unavailable: ${reason}`)
    this.retryAfterSeconds = retryAfterSeconds
  }
}
