/** What no program sends that means well; each with the status and the code of its refusal. */
export const hostileRequests: [
  type: string | null,
  body: string | Buffer<ArrayBuffer>,
  status: number,
  code: string,
][] = [
  [
    'application/x-www-form-urlencoded',
    'username=Ada&password=correct horse battery',
    415,
    'unsupportedFormat',
  ],
  ['multipart/form-data; boundary=x', 'x', 415, 'unsupportedFormat'],
  ['text/plain', '{}', 415, 'unsupportedFormat'],
  ['text/json', '{}', 415, 'unsupportedFormat'],
  ['application/jsonp', '{}', 415, 'unsupportedFormat'],
  ['application/merge-patch+json', '{}', 415, 'unsupportedFormat'],
  ['application/json, text/plain', '{}', 415, 'unsupportedFormat'],
  [';;;', '{}', 415, 'unsupportedFormat'],
  [null, '{}', 415, 'unsupportedFormat'],
  ['application/json', `{"username":"${'x'.repeat(40_000)}"}`, 413, 'tooLarge'],
  ['application/json', '{"username":', 400, 'jsonMalformed'],
  ['application/json', 'username=Ada', 400, 'jsonMalformed'],
  ['application/json', 'null', 400, 'jsonNotObject'],
  ['application/json', '"Ada"', 400, 'jsonNotObject'],
  ['application/json', '[{"username":"Ada"}]', 400, 'jsonNotObject'],
  ['application/json', `${'['.repeat(15_000)}${']'.repeat(15_000)}`, 400, 'jsonNotObject'],
  ['application/json', `{"username":${'['.repeat(15_000)}${']'.repeat(15_000)}}`, 400, 'jsonNotText'],
  ['application/json', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 400, 'jsonNotText'],
  ['application/json', '{"username":1}', 400, 'jsonNotText'],
  ['application/json', '{"username":{"$ne":""},"password":{"$ne":""}}', 400, 'jsonNotText'],
  ['application/json', '{"username":"Ada","username":"Eve"}', 400, 'jsonRepeatedName'],
  ['application/json', '{"username":"Ada","user\\u006eame":"Eve"}', 400, 'jsonRepeatedName'],
  ['application/json', '{"__proto__":{"username":"Ada"}}', 400, 'jsonReservedName'],
  ['application/json', '{"constructor":{"prototype":{"username":"Ada"}}}', 400, 'jsonReservedName'],
  ['application/json', Buffer.from('{"username":"\xff"}', 'latin1'), 400, 'jsonNotUtf8'],
  ['application/json; charset=utf-16', Buffer.from('{"username":"Ada"}', 'utf16le'), 400, 'jsonMalformed'],
]

/** What browsers say of requests that another site has them send. */
export const foreignHeaders: Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'bogus' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
]
