import { createPublicKey, type JsonWebKey } from 'node:crypto'

/** The members of COSE keys (RFC 9052, section 7.1, and RFC 9053, section 7); those below 0 depend on the type. */
const [kty, alg] = [1, 3]
const [okp, ec2, rsa] = [1, 2, 3]

/** An RSA key of 4096 bits takes about 530. */
const mostBytes = 1024
const fieldBytes = 32
const [leastRsaBytes, mostRsaBytes] = [256, 512]
/** 65537, which authenticators use; of small ones signatures can be made up. */
const rsaExponent = 'AQAB'

/**
 * Whether a public key can verify anything, and nobody can make up what it verifies: its owner is told at once, not when it
 * is needed.
 *
 * @param coseKey a COSE_Key of one of `signatureAlgorithms`
 * @throws anything, when it is no CBOR
 */
export async function isUsableKey(coseKey: Uint8Array<ArrayBuffer>): Promise<boolean> {
  if (coseKey.length > mostBytes) return false
  const { isoCBOR } = await import('@simplewebauthn/server/helpers')
  const jwk = toJwk(isoCBOR.decodeFirst<Map<number, unknown>>(coseKey))
  if (jwk === null) return false
  // Throws for a point that is not on its curve.
  createPublicKey({ key: jwk, format: 'jwk' })
  return true
}

/** Null for any other pair of type and algorithm, curve or length. */
function toJwk(key: Map<number, unknown>): JsonWebKey | null {
  const [type, algorithm] = [key.get(kty), key.get(alg)]
  if (type === ec2 && algorithm === -7 && key.get(-1) === 1) {
    const [x, y] = [bytesOf(key.get(-2), fieldBytes), bytesOf(key.get(-3), fieldBytes)]
    return x === null || y === null ? null : { kty: 'EC', crv: 'P-256', x, y }
  }
  if (type === okp && algorithm === -8 && key.get(-1) === 6) {
    const x = bytesOf(key.get(-2), fieldBytes)
    return x === null ? null : { kty: 'OKP', crv: 'Ed25519', x }
  }
  if (type === rsa && algorithm === -257 && bytesOf(key.get(-2), 3) === rsaExponent) {
    const n = bytesOf(key.get(-1), leastRsaBytes, mostRsaBytes)
    return n === null ? null : { kty: 'RSA', n, e: rsaExponent }
  }
  return null
}

/** In base64url. */
function bytesOf(value: unknown, least: number, most = least): string | null {
  if (!(value instanceof Uint8Array) || value.length < least || value.length > most) return null
  return Buffer.from(value).toString('base64url')
}
