import { hashToken } from '../secrets/hash-token.js'
import type { EmailCodePurpose } from './email-code-purpose.js'

export type CodeAsk = {
  purpose: EmailCodePurpose
  accountId: string
  canonicalEmail: string
  /** See `KnownDevices`; null for strangers, who share one count. */
  deviceId: string | null
}

/**
 * Whose asks a code is counted with: its account's, so that nobody is mailed without end, and its address's, so that many
 * accounts cannot do that together. Each purpose has its own counts: a shared one would tell who asks for what.
 */
export function askSubjects({ purpose, accountId, canonicalEmail, deviceId }: CodeAsk): string[] {
  const whence = deviceId === null ? '' : ` device ${deviceId}`
  const address = hashToken(canonicalEmail).toString('hex')
  return [`${purpose} account ${accountId}${whence}`, `${purpose} to ${address}${whence}`]
}
