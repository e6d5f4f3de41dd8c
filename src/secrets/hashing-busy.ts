/** As many passwords wait to be hashed as the service allows. The person should come back later (503). */
export class HashingBusy extends Error {
  override name = 'HashingBusy'
  /** Whole seconds, at least 1, until those who wait now are served. For `Retry-After`. */
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super('Too many passwords are waiting to be hashed')
    this.retryAfterSeconds = retryAfterSeconds
  }
}
