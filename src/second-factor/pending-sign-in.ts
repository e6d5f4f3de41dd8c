import type { Account } from '../accounts/account-store.js'
import type { FirstFactor } from '../sign-in/first-factor.js'
import type { SecondStepMethod } from './second-step-method.js'

/** Somebody whose password was right and whose second step is still to come; known by a token that only their browser has. */
export type PendingSignIn = {
  id: string
  token: string
  /** As it was when its password was checked. */
  account: Account
  /** In which they prove again who they are; null for who signs in. */
  sessionId: string | null
  firstFactor: FirstFactor
  /** What this account can show now; the first is the main one, and what was shown first is none of them. */
  methods: readonly [SecondStepMethod, ...SecondStepMethod[]]
  expiresAt: Date
}
