/** The database cannot be had now; trying again later may help. `cause` is what was heard from it. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'

  constructor(cause: Error) {
    super(`The database cannot be had: ${cause.message}`, { cause })
  }
}
