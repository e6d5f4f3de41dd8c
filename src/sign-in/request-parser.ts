import type { FastifyRequest } from 'fastify'
import type { NewPasswordReader } from '../accounts/new-password-reader.js'
import { readEmail } from '../accounts/read-email.js'
import { readUsername } from '../accounts/read-username.js'
import { readFormField } from '../http/form-field.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { Credentials, LoginProblem, LoginReq } from './login-req.js'
import type { AccountWish, RegisterProblem, RegisterReq } from './register-req.js'

/** In characters: no account has a longer name or e-mail address, nor a longer password. */
const longestName = 254
const longestPassword = 256

export type RequestParserParts = {
  destinationReader: DestinationReader
  newPasswordReader: NewPasswordReader
}

/** Reads what was sent to sign in or register into typed requests, or says what is wrong with each field. It asks no database. */
export class RequestParser {
  readonly #parts: RequestParserParts

  constructor(parts: RequestParserParts) {
    this.#parts = parts
  }

  parseLoginReq(req: FastifyRequest): LoginReq {
    const destination = this.#parts.destinationReader.read(req)
    if (destination.kind === 'refused') return { kind: 'refusedRedirect', refusal: destination.refusal }

    const credentials = this.readCredentials(req.body)
    const form = { username: credentials.username, redirectUrl: destination.address }
    return credentials.kind === 'invalid'
      ? { ...credentials, form }
      : { ...credentials, form, redirectAddr: destination.url }
  }

  async parseRegisterReq(req: FastifyRequest): Promise<RegisterReq> {
    const destination = this.#parts.destinationReader.read(req)
    if (destination.kind === 'refused') return { kind: 'refusedRedirect', refusal: destination.refusal }

    const wish = await this.readAccountWish(req.body)
    const form = { ...wish.typed, redirectUrl: destination.address }
    return wish.kind === 'invalid' ? { ...wish, form } : { ...wish, form, redirectAddr: destination.url }
  }

  /** @param body of a request, in whatever shape the client chose */
  readCredentials(body: unknown): Credentials {
    const username = readLoginField(body, 'username', longestName)
    const password = readLoginField(body, 'password', longestPassword)
    const problems = [username.problem, password.problem].filter((problem) => problem !== null)
    const typed = username.text.trim()
    return problems.length > 0
      ? { kind: 'invalid', username: typed, problems }
      : { kind: 'valid', username: typed, password: password.text }
  }

  /**
   * @param body of a request, in whatever shape the client chose
   * @param confirmation the field that repeats the password; that of the password itself where none does
   */
  async readAccountWish(body: unknown, confirmation = 'confirmPassword'): Promise<AccountWish> {
    const username = readUsername(body)
    const email = readEmail(body)
    const context = {
      // Only what is valid, hence short: to compare with a text of any length would keep everybody waiting.
      username: username.outcome.kind === 'valid' ? username.outcome.username : '',
      email: email.outcome.kind === 'valid' ? email.outcome.email : '',
    }
    const names = { password: 'password', confirmation }
    const password = await this.#parts.newPasswordReader.read(body, context, names)
    const typed = { username: username.typed, email: email.typed }
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
        typed,
      }
    }
    const problems: RegisterProblem[] = [...password.problems]
    if (username.outcome.kind !== 'valid') problems.unshift({ field: 'username', refusal: username.outcome })
    if (email.outcome.kind !== 'valid' && email.outcome.kind !== 'empty') {
      problems.push({ field: 'email', refusal: email.outcome })
    }
    return { kind: 'invalid', problems, typed }
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
