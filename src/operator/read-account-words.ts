import { isGroupName } from '../accounts/is-group-name.js'
import { parseEmail } from '../accounts/parse-email.js'
import { parseUsername } from '../accounts/parse-username.js'
import { wordRegisterProblem } from '../sign-in/word-register-problem.js'
import { OperatorProblem } from './operator-problem.js'

/** @throws OperatorProblem in the words of the register page */
export function readNewUsername(typed: string): { username: string; canonical: string } {
  const outcome = parseUsername(typed)
  if (outcome.kind === 'valid') return outcome
  // The page's words point at its own field.
  if (outcome.kind === 'forbiddenCharacter' && outcome.character === '@') {
    throw new OperatorProblem('A username has no @. Give the e-mail address with --email.')
  }
  throw new OperatorProblem(wordRegisterProblem({ field: 'username', refusal: outcome }))
}

/** @throws OperatorProblem in the words of the register page */
export function readNewEmail(typed: string | null): { email: string; canonical: string } | null {
  if (typed === null) return null
  const outcome = parseEmail(typed)
  if (outcome.kind === 'valid') return outcome
  throw new OperatorProblem(wordRegisterProblem({ field: 'email', refusal: outcome }))
}

/**
 * @returns each group once, in the order of their names
 * @throws OperatorProblem 2 for what cannot be a group
 */
export function readGroups(typed: readonly string[]): string[] {
  const groups = typed.map((name) => name.trim())
  const wrong = groups.find((name) => !isGroupName(name))
  if (wrong === undefined) return [...new Set(groups)].toSorted()
  throw new OperatorProblem(
    `"${wrong}" cannot be a group. Use up to 64 letters, digits, dots, hyphens and underscores; "signed-in" and "nobody" have a meaning of their own.`,
    2,
  )
}
