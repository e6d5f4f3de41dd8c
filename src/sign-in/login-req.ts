import type { Puzzle } from './human-check.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'

/** What was typed and may be shown again, never a password; and the puzzle that the form sets, where it does. */
export type LoginForm = { username: string; redirectUrl: string; puzzle?: Puzzle | null }

export type LoginProblem =
  | { field: 'username'; reason: 'missing' | 'repeated' | 'unreadable' | 'tooLong' }
  | { field: 'password'; reason: 'missing' | 'repeated' | 'unreadable' | 'tooLong' }

/** Who somebody says they are. */
export type Credentials =
  | { kind: 'valid'; username: string; password: string }
  | { kind: 'invalid'; username: string; problems: LoginProblem[] }

/** A login form, read. `redirectAddr` is the absolute address that the browser goes to afterwards. */
export type LoginReq =
  | (Extract<Credentials, { kind: 'valid' }> & { form: LoginForm; redirectAddr: string })
  | (Extract<Credentials, { kind: 'invalid' }> & { form: LoginForm })
  | { kind: 'refusedRedirect'; refusal: RedirectRefusal }
