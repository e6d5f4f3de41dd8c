import type { JWK } from 'jose'
import { signingAlgorithm } from './signing-algorithm.js'

/** Makes a pair of keys nobody has seen, as JWKs (RFC 7517). */
export async function createSigningKey(): Promise<{ kid: string; publicJwk: JWK; privateJwk: JWK }> {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose')
  const { publicKey, privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const publicJwk = { ...jwk, kid, use: 'sig', alg: signingAlgorithm }
  return { kid, publicJwk, privateJwk: await exportJWK(privateKey) }
}
