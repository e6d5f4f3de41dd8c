/** COSE algorithms (RFC 9053) that every authenticator has one of, the preferred first: ES256, EdDSA, RS256. */
export const signatureAlgorithms = [-7, -8, -257] as const
