import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'

/** What was typed and may be shown again; never a password. */
export type LoginForm = { username: string; redirectUrl: string }

export type LoginProblem =
  | { field: 'username'; reason: 'missing' | 'repeated' | 'unreadable' | 'tooLong' }
  | { field: 'password'; reason: 'missing' | 'repeated' | 'unreadable' | 'tooLong' }

/** A login form, read. `redirectAddr` is the absolute address that the browser goes to afterwards. */
export type LoginReq =
  | { kind: 'valid'; username: string; password: string; redirectAddr: string; form: LoginForm }
  | { kind: 'invalid'; problems: LoginProblem[]; form: LoginForm }
  | { kind: 'refusedRedirect'; refusal: RedirectRefusal }
