const sentencesByCode: Partial<Record<string, string>> = {
  crossSite: 'This request came from another website, and was not accepted.',
  invalidHost: 'The request does not say which host it is meant for.',
  jsonNotUtf8: 'The body holds bytes that are not UTF-8.',
  jsonMalformed: 'The body cannot be read as JSON.',
  jsonNotObject: 'The body must be a JSON object.',
  jsonNotText: 'Every field of the JSON object must be a text, or a list of texts.',
  jsonReservedName: 'A field of the JSON object has a name that is not allowed here.',
  jsonRepeatedName: 'The JSON object holds two fields of the same name. Send each once.',
}

const sentencesByStatus: Partial<Record<number, string>> = {
  404: 'There is nothing at this address. GET /api/openapi.json describes what there is.',
  408: 'The request did not arrive in time. Send it again.',
  413: 'The body is larger than any that is taken here.',
  415: 'Addresses below /api/ take application/json only, all others application/x-www-form-urlencoded.',
  500: 'Something went wrong here. It has been recorded under the number in requestId.',
  503: 'The service cannot answer right now. Try again after the seconds in Retry-After.',
}

/**
 * Says to a program what is wrong with its request.
 *
 * @param methods those that the address takes, as in `Allow`; null where that is not what is wrong
 */
export function wordProgramError(
  { statusCode, code }: { statusCode: number; code: string },
  methods: string | null,
): string {
  if (methods !== null) return `This address takes ${methods} only.`
  return sentencesByCode[code] ?? sentencesByStatus[statusCode] ?? 'The request cannot be understood.'
}
