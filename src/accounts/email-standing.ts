import type { Account } from './account-store.js'

/** What an address of an account counts for: `confirmAgain` for one that apps see, but that opens the account no more. */
export type EmailStanding = 'confirmed' | 'confirmAgain' | 'unconfirmed'

export function emailStanding({
  emailConfirmedAt,
  isEmailWayBack,
}: Pick<Account, 'emailConfirmedAt' | 'isEmailWayBack'>): EmailStanding {
  if (emailConfirmedAt === null) return 'unconfirmed'
  return isEmailWayBack ? 'confirmed' : 'confirmAgain'
}
