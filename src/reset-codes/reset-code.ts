import { createTypedCode } from '../secrets/create-typed-code.js'
import { hashToken } from '../secrets/hash-token.js'
import { parseTypedCode } from '../secrets/parse-typed-code.js'

/** 120 random bits: OWASP ASVS 5.0, 6.5.2 allows a plain hash from 112 on. */
const groups = 6

/** Makes a code for the operator to hand out, and what is kept of it. */
export function createResetCode(): { code: string; hash: Buffer } {
  const code = createTypedCode(groups)
  return { code, hash: hashResetCode(code) ?? Buffer.alloc(0) }
}

/** @returns the hash of a code as typed; null when it cannot be one */
export function hashResetCode(typed: string): Buffer | null {
  const code = parseTypedCode(typed, groups)
  return code === null ? null : hashToken(code)
}
