/** ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4): unlike EdDSA, every library for JWTs verifies it. */
export const signingAlgorithm = 'ES256'
