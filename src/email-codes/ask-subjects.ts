import { hashToken } from '../secrets/hash-token.js'
import type { EmailCodePurpose } from './email-code-purpose.js'

export type CodeAsk = {
  purpose: EmailCodePurpose
  accountId: string
  canonicalEmail: string
  /** Who asks, if counted apart: a known browser, or the account that holds the address; null for strangers, who share one count. */
  insider: string | null
}

/**
 * Whose asks a code is counted with: its account's, so that nobody is mailed without end, and its address's, so that many
 * accounts cannot do that together. Each purpose has its own counts: a shared one would tell who asks for what.
 */
export function askSubjects({ purpose, accountId, canonicalEmail, insider }: CodeAsk): string[] {
  const whence = insider === null ? '' : ` by ${insider}`
  const address = hashToken(canonicalEmail).toString('hex')
  return [`${purpose} account ${accountId}${whence}`, `${purpose} to ${address}${whence}`]
}
