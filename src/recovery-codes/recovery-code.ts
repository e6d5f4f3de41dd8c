import { createTypedCode } from '../secrets/create-typed-code.js'
import { hashToken } from '../secrets/hash-token.js'
import { parseTypedCode } from '../secrets/parse-typed-code.js'

export const recoveryCodeCount = 10

/** 120 random bits: OWASP ASVS 5.0, 6.5.2 allows a plain hash from 112 on. */
const groups = 6

/** Makes a set of codes for an owner to keep. */
export function createRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () => createTypedCode(groups))
}

/** @returns what is kept of a code as typed; null when it cannot be one */
export function hashRecoveryCode(typed: string): Buffer | null {
  const code = parseTypedCode(typed, groups)
  return code === null ? null : hashToken(code)
}
