import type { Account } from '../accounts/account-store.js'
import type { SecondStepMethod } from './second-step-method.js'

/** Somebody whose password was right and whose second step is still to come; known by a token that only their browser has. */
export type PendingSignIn = {
  id: string
  token: string
  /** As it was when its password was checked. */
  account: Account
  /** In which they prove again who they are; null for who signs in. */
  sessionId: string | null
  /** What this account can show now; the first is the main one. */
  methods: readonly [SecondStepMethod, ...SecondStepMethod[]]
  expiresAt: Date
}
