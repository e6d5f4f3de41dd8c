import { AccountStore, type Account } from '../accounts/account-store.js'
import type { Queryable } from '../database/queryable.js'
import type { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import { parseDigits } from '../secrets/parse-digits.js'
import type { ProofClaim, RecoveryProof } from './recovery-proof.js'

export type EmailProofParts = {
  emailCodeKeeper: EmailCodeKeeper
  /** Of a code. */
  digits: number
}

/** Proves an account by a code that was mailed to its confirmed address. */
export class EmailProof implements RecoveryProof {
  readonly method = 'email'
  // Guessing is stopped by the code itself, which takes few tries; strangers must not use those of the owner up.
  readonly isGuessable = false
  readonly #parts: EmailProofParts

  constructor(parts: EmailProofParts) {
    this.#parts = parts
  }

  async isSetUpFor(account: Account): Promise<boolean> {
    return account.isEmailWayBack
  }

  isReadable(typed: readonly string[]): boolean {
    return parseDigits(typed[0] ?? '', this.#parts.digits) !== null
  }

  /** All is done by using it up. */
  async isRight(): Promise<boolean> {
    return true
  }

  async useUp({ recovery, typed }: ProofClaim, client: Queryable): Promise<boolean> {
    const outcome = await this.#parts.emailCodeKeeper.redeem(
      {
        bearerId: recovery.id,
        bearerSecret: recovery.token,
        purpose: 'recoverAccount',
        code: typed[0] ?? '',
      },
      new EmailCodeStore(client),
    )
    return outcome.kind === 'right' && (await this.#isStillTheirs(outcome, client))
  }

  /** An address that the account has had until a moment ago proves nothing any more. */
  async #isStillTheirs(
    { accountId, email }: { accountId: string; email: string },
    client: Queryable,
  ): Promise<boolean> {
    const account = await new AccountStore(client).findById(accountId)
    return account?.email === email && account.isEmailWayBack
  }
}
