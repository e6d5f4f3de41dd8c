import { longestAnswer } from '../security-questions/judge-answers.js'
import { questionCount } from '../security-questions/security-questions.js'
import { readTypedField, type TypedField, type TypedProblem } from './read-typed-field.js'

/** A field that cannot be used; `what` is asked for in it. */
export type FieldProblem = { field: string; what: string; reason: TypedProblem }

/** What a program sends to prove an account; `username` is null when it says none. */
export type ProofRequest =
  | { kind: 'valid'; username: string | null; typed: string[] }
  | { kind: 'invalid'; problems: FieldProblem[] }

export type ProofField = 'passkey' | 'code' | 'answers'

/**
 * Reads the name that a program means, and its proof.
 *
 * @param source `request.body` or `request.query`
 * @param field where the proof is; null when none is asked for
 */
export function readProofRequest(source: unknown, field: ProofField | null): ProofRequest {
  const username = readTypedField(source, 'username')
  const proofs = field === null ? [] : readProofs(source, field)
  const problems = proofs.flatMap(({ what, read }) => problemOf(field ?? '', what, read))
  if (username.kind === 'invalid' && username.reason !== 'missing')
    problems.unshift(...problemOf('username', 'username or e-mail address', username))
  if (problems.length > 0) return { kind: 'invalid', problems }
  const typed = proofs.flatMap(({ read }) => (read.kind === 'text' ? [read.text] : []))
  return { kind: 'valid', username: username.kind === 'text' ? username.text : null, typed }
}

function readProofs(source: unknown, field: ProofField): { what: string; read: TypedField }[] {
  if (field !== 'answers') {
    const what = field === 'passkey' ? 'recovery passkey' : 'code'
    return [{ what, read: readTypedField(source, field) }]
  }
  const answers: unknown = typeof source === 'object' && source !== null && Reflect.get(source, field)
  if (!Array.isArray(answers) || answers.length !== questionCount) {
    const what = `${questionCount} answers, in the order of the questions`
    return [{ what, read: { kind: 'invalid', reason: 'missing' } }]
  }
  return answers.map((_, index) => ({
    what: `answer to question ${index + 1}`,
    read: readTypedField(answers, String(index), longestAnswer),
  }))
}

function problemOf(field: string, what: string, read: TypedField): FieldProblem[] {
  return read.kind === 'text' ? [] : [{ field, what, reason: read.reason }]
}
