import type { FastifyRequest } from 'fastify'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import { readTypedField, type TypedField, type TypedProblem } from './read-typed-field.js'

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
  parseProof(req: FastifyRequest, longest?: number): TypedField {
    return readTypedField(req.body, 'proof', longest)
  }
}
