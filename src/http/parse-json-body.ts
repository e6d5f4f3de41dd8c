import { HttpProblem } from './http-problem.js'

/** What API routes take: texts by name, as in a form, and lists of texts. */
export type JsonBody = Record<string, string | string[]>

const utf8 = new TextDecoder('utf-8', { fatal: true })
/** Names that mean something else to JavaScript: whoever copies the object would change its prototype. */
const reservedNames = new Set(['__proto__', 'constructor', 'prototype'])
const textOrName = /"(?:[^"\\]|\\.)*"(?<colon>\s*:)?/g

/**
 * Reads the body of an API route: RFC 8259, but strictly, as what two readers understand differently is how checks are
 * passed by. `null` counts as left out.
 *
 * @throws HttpProblem 400 saying what is wrong with it
 */
export function parseJsonBody(bytes: Uint8Array): JsonBody {
  const text = decode(bytes)
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HttpProblem(400, 'jsonNotObject')
  const body: JsonBody = {}
  for (const [name, field] of Object.entries(value)) {
    if (reservedNames.has(name)) throw new HttpProblem(400, 'jsonReservedName')
    if (!isText(field) && !isListOfTexts(field) && field !== null) throw new HttpProblem(400, 'jsonNotText')
    if (field !== null) body[name] = field
  }
  // Nothing lies deeper here, so every colon outside a text belongs to a name of this object.
  const names = [...text.matchAll(textOrName)].filter(({ groups }) => groups?.['colon'] !== undefined)
  // Parsers keep the last of two equal names, without a word.
  if (names.length !== Object.keys(value).length) throw new HttpProblem(400, 'jsonRepeatedName')
  return body
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new HttpProblem(400, 'jsonNotUtf8')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpProblem(400, 'jsonMalformed')
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText)
}
