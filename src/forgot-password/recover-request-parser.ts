import type { FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'

/** In characters: no account has a longer name or e-mail address, and no proof is longer. */
const longestText = 254

export type TypedProblem = 'missing' | 'repeated' | 'unreadable' | 'tooLong'

/** One field of a form: what was typed, or why it cannot be used. */
export type TypedField = { kind: 'text'; text: string } | { kind: 'invalid'; reason: TypedProblem }

/** What the first form holds; `username` is shown again also when it cannot be used. */
export type BeginForm = { username: string; redirectUrl: string }

export type BeginReq =
  | { kind: 'valid'; form: BeginForm }
  | { kind: 'invalid'; reason: TypedProblem; form: BeginForm }
  | { kind: 'refusedRedirect'; refusal: RedirectRefusal }

/** Reads the forms of "Forgot your password?". It asks no database. */
export class RecoverRequestParser {
  readonly #destinationReader: DestinationReader

  constructor(destinationReader: DestinationReader) {
    this.#destinationReader = destinationReader
  }

  parseBeginReq(req: FastifyRequest): BeginReq {
    const destination = this.#destinationReader.read(req)
    if (destination.kind === 'refused') return { kind: 'refusedRedirect', refusal: destination.refusal }
    const redirectUrl = destination.address
    const field = readTypedField(req.body, 'username')
    return field.kind === 'text'
      ? { kind: 'valid', form: { username: field.text, redirectUrl } }
      : { kind: 'invalid', reason: field.reason, form: { username: '', redirectUrl } }
  }

  /** The name that the form of a later step was made for; null when it says none. */
  parseName(req: FastifyRequest): string | null {
    const field = readTypedField(req.body, 'username')
    return field.kind === 'text' ? field.text : null
  }

  /**
   * The passkey, the code or the answer in a form.
   *
   * @param longest in characters
   */
  parseProof(req: FastifyRequest, longest = longestText): TypedField {
    return readTypedField(req.body, 'proof', longest)
  }
}

function readTypedField(body: unknown, name: string, longest = longestText): TypedField {
  const field = readFormField(body, name)
  if (field.kind !== 'text') return { kind: 'invalid', reason: field.kind }
  const text = field.text.trim()
  if (text === '') return { kind: 'invalid', reason: 'missing' }
  return Array.from(text).length > longest ? { kind: 'invalid', reason: 'tooLong' } : { kind: 'text', text }
}
