import type { Queryable } from '../database/queryable.js'
import { RecoveryCodeStore } from './recovery-code-store.js'
import { createRecoveryCodes, hashRecoveryCode } from './recovery-code.js'

/**
 * Makes recovery codes in the place of those that an account may have.
 *
 * @param client of a transaction in which the account is locked
 * @returns what its owner is to keep; this once
 */
export async function renewRecoveryCodes(accountId: string, client: Queryable): Promise<string[]> {
  const codes = createRecoveryCodes()
  const hashes = codes.flatMap((code) => hashRecoveryCode(code) ?? [])
  await new RecoveryCodeStore(client).replace(accountId, hashes)
  return codes
}
