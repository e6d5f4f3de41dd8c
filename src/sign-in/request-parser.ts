import type { FastifyRequest } from 'fastify'
import type { NewPasswordReader } from '../accounts/new-password-reader.js'
import { parseEmail } from '../accounts/parse-email.js'
import { parseUsername } from '../accounts/parse-username.js'
import { readFormField } from '../http/form-field.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { LoginProblem, LoginReq } from './login-req.js'
import type { RegisterForm, RegisterProblem, RegisterReq } from './register-req.js'

/** In characters: no account has a longer name or e-mail address, nor a longer password. */
const longestName = 254
const longestPassword = 256

export type RequestParserParts = {
  destinationReader: DestinationReader
  newPasswordReader: NewPasswordReader
}

/** Reads login and register forms into typed requests, or says what is wrong with each field. It asks no database. */
export class RequestParser {
  readonly #parts: RequestParserParts

  constructor(parts: RequestParserParts) {
    this.#parts = parts
  }

  parseLoginReq(req: FastifyRequest): LoginReq {
    const destination = this.#parts.destinationReader.read(req)
    if (destination.kind === 'refused') return { kind: 'refusedRedirect', refusal: destination.refusal }

    const username = readLoginField(req.body, 'username', longestName)
    const password = readLoginField(req.body, 'password', longestPassword)
    const form = { username: username.text.trim(), redirectUrl: destination.address }
    const problems = [username.problem, password.problem].filter((problem) => problem !== null)
    if (problems.length > 0) return { kind: 'invalid', problems, form }
    return {
      kind: 'valid',
      username: form.username,
      password: password.text,
      redirectAddr: destination.url,
      form,
    }
  }

  async parseRegisterReq(req: FastifyRequest): Promise<RegisterReq> {
    const destination = this.#parts.destinationReader.read(req)
    if (destination.kind === 'refused') return { kind: 'refusedRedirect', refusal: destination.refusal }

    const username = readField(req.body, 'username', parseUsername)
    const email = readField(req.body, 'email', parseEmail)
    const password = await this.#parts.newPasswordReader.read(req.body, {
      // Only what is valid, hence short: to compare with a text of any length would keep everybody waiting.
      username: username.outcome.kind === 'valid' ? username.outcome.username : '',
      email: email.outcome.kind === 'valid' ? email.outcome.email : '',
    })
    const form: RegisterForm = {
      username: username.typed,
      email: email.typed,
      redirectUrl: destination.address,
    }
    if (
      username.outcome.kind === 'valid' &&
      (email.outcome.kind === 'valid' || email.outcome.kind === 'empty') &&
      password.problems.length === 0
    ) {
      return {
        kind: 'valid',
        username: username.outcome,
        email: email.outcome.kind === 'valid' ? email.outcome : null,
        password: password.typed,
        redirectAddr: destination.url,
        form,
      }
    }
    const problems: RegisterProblem[] = [...password.problems]
    if (username.outcome.kind !== 'valid') problems.unshift({ field: 'username', refusal: username.outcome })
    if (email.outcome.kind !== 'valid' && email.outcome.kind !== 'empty') {
      problems.push({ field: 'email', refusal: email.outcome })
    }
    return { kind: 'invalid', problems, form }
  }
}

function readLoginField<Field extends LoginProblem['field']>(
  body: unknown,
  name: Field,
  longest: number,
): { text: string; problem: { field: Field; reason: LoginProblem['reason'] } | null } {
  const field = readFormField(body, name)
  if (field.kind !== 'text') return { text: '', problem: { field: name, reason: field.kind } }
  if (field.text.trim() === '' && name === 'username') {
    return { text: '', problem: { field: name, reason: 'missing' } }
  }
  const isTooLong = Array.from(field.text).length > longest
  return { text: field.text, problem: isTooLong ? { field: name, reason: 'tooLong' } : null }
}

/** A field that is missing is judged as an empty text; one that is not exactly one readable text is refused as such. */
function readField<Outcome>(
  body: unknown,
  name: string,
  judge: (text: string) => Outcome,
): { typed: string; outcome: Outcome | { kind: 'repeated' } | { kind: 'unreadable' } } {
  const field = readFormField(body, name)
  if (field.kind === 'repeated' || field.kind === 'unreadable') return { typed: '', outcome: field }
  const typed = field.kind === 'text' ? field.text : ''
  return { typed, outcome: judge(typed) }
}
