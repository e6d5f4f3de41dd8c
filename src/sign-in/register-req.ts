import type { EmailOutcome } from '../accounts/email-outcome.js'
import type { NewPasswordProblem } from '../accounts/new-password-problem.js'
import type { UsernameOutcome } from '../accounts/username-outcome.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import type { Puzzle } from './human-check.js'

/** What was typed and may be shown again, never a password; and the puzzle that the form sets, where it does. */
export type RegisterForm = { username: string; email: string; redirectUrl: string; puzzle?: Puzzle | null }

type Refusal<Outcome extends { kind: string }> = Exclude<Outcome, { kind: 'valid' }>
type FieldRefusal = { kind: 'repeated' } | { kind: 'unreadable' }

export type RegisterProblem =
  | { field: 'username'; refusal: Refusal<UsernameOutcome> | FieldRefusal }
  | NewPasswordProblem
  | { field: 'email'; refusal: Refusal<EmailOutcome> | FieldRefusal }

type TypedAccount = Omit<RegisterForm, 'redirectUrl' | 'puzzle'>

/** The account that somebody wants; `typed` may be shown again. */
export type AccountWish =
  | {
      kind: 'valid'
      username: { username: string; canonical: string }
      email: { email: string; canonical: string } | null
      password: string
      typed: TypedAccount
    }
  | { kind: 'invalid'; problems: RegisterProblem[]; typed: TypedAccount }

/** A register form, read. `redirectAddr` is the absolute address that the browser goes to afterwards. */
export type RegisterReq =
  | (Extract<AccountWish, { kind: 'valid' }> & { form: RegisterForm; redirectAddr: string })
  | (Extract<AccountWish, { kind: 'invalid' }> & { form: RegisterForm })
  | { kind: 'refusedRedirect'; refusal: RedirectRefusal }
