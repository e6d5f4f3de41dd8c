import type { PasswordOutcome } from './password-outcome.js'

/** What is wrong with a new password or its repetition, whatever their fields are called in the form. */
export type NewPasswordProblem =
  | {
      field: 'password'
      refusal: Exclude<PasswordOutcome, { kind: 'valid' }> | { kind: 'empty' } | { kind: 'repeated' }
    }
  | { field: 'confirmPassword'; refusal: { kind: 'empty' } | { kind: 'different' } }
