/** Loads what verifies ceremonies, on their first use: it is larger than all else that signing in needs. */
export function loadVerifier() {
  return import('@simplewebauthn/server')
}
