/** What the owner of an account sees of one of its sessions. */
export type ListedSession = {
  id: string
  userAgent: string | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
}
