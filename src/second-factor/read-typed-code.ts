import type { FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'

/** What was typed in as a code; empty when there is none, or several. */
export function readTypedCode({ body }: FastifyRequest): string {
  const field = readFormField(body, 'code')
  return field.kind === 'text' ? field.text : ''
}
