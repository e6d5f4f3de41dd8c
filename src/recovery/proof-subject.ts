import type { Subject } from '../attempts/failed-attempt-store.js'
import type { ProofMethod } from './recovery-method.js'
import type { Recovery } from './recovery-store.js'

/**
 * Whose failures a try at a proof is counted with. Each method has a count of its own, so that a forgotten answer leaves
 * the passkey usable.
 *
 * @param proof.isGuessable whether strangers all over the world share one count; otherwise each network has its own, so
 * that nobody elsewhere can keep the owner out
 */
export function proofSubject(
  { accountId, nameHash }: Recovery,
  proof: { method: ProofMethod; isGuessable: boolean },
  visitor: { deviceId: string | null; network: string },
): Subject {
  const whose = accountId === null ? `nobody ${nameHash.toString('hex')}` : `account ${accountId}`
  const whence =
    visitor.deviceId !== null
      ? ` device ${visitor.deviceId}`
      : proof.isGuessable
        ? ''
        : ` from ${visitor.network}`
  return { key: `recovery ${proof.method} ${whose}${whence}`, accountId }
}
