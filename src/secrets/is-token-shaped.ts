const TOKEN = /^[A-Za-z0-9_-]{43}$/

/**
 * Tells whether a value may be a token from `createRandomToken`, so that nothing else reaches the database.
 *
 * @returns true for a string of exactly 43 base64url characters
 */
export function isTokenShaped(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value)
}
