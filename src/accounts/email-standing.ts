import type { Account } from './account-store.js'

/** What an address of an account counts for: `confirmAgain` for one that apps see, but that opens the account no more. */
export type EmailStanding = 'confirmed' | 'confirmAgain' | 'unconfirmed'

/** @param account null for one that is gone, of which nothing is confirmed */
export function emailStanding(account: Account | null): EmailStanding {
  if (account === null || account.emailConfirmedAt === null) return 'unconfirmed'
  return account.isEmailWayBack ? 'confirmed' : 'confirmAgain'
}
