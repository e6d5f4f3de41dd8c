/** A stored hash is not one this service could have written: the row is damaged. Never carries the hash itself. */
export class MalformedPasswordHash extends Error {
  override name = 'MalformedPasswordHash'

  constructor() {
    super('The stored password hash is not an argon2 PHC string')
  }
}
