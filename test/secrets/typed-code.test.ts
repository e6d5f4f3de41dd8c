import t from 'tap'
import { createTypedCode } from '../../src/secrets/create-typed-code.js'
import { parseTypedCode } from '../../src/secrets/parse-typed-code.js'

t.test('a code has groups of four characters of which no two look alike', async (t) => {
  t.match(createTypedCode(1), /^[0-9A-HJKMNP-TV-Z]{4}$/)
  t.match(createTypedCode(6), /^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
})

t.test('every character comes as often as the others', async (t) => {
  const counts = new Map<string, number>()
  for (let count = 0; count < 4000; count++)
    for (const symbol of createTypedCode(4).replaceAll('-', ''))
      counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
  t.equal(counts.size, 32)
  // 64,000 characters: 2000 of each are expected, with a standard deviation of 44.
  for (const [symbol, count] of counts) t.ok(Math.abs(count - 2000) < 300, `${symbol}: ${count}`)
})

t.test('a code is read in every way that people write it', async (t) => {
  for (const text of [
    '01AB-CDEF',
    '01abcdef',
    ' 01 ab cd ef ',
    'OlAb_cDeF',
    'oiab.cdef',
    '0L/AB\u2013CD\u00a0EF',
    '\uff10\uff11\uff21\uff22\uff23\uff24\uff25\uff26',
    '\u200b01AB\u2011CDEF\r\n',
  ])
    t.equal(parseTypedCode(text, 2), '01ABCDEF', JSON.stringify(text))
  const code = createTypedCode(6)
  t.equal(parseTypedCode(code, 6), code.replaceAll('-', ''))
})

t.test('what cannot be such a code is none', async (t) => {
  for (const text of [
    '',
    '-',
    '01ABCDE',
    '01ABCDEFG',
    '01ABCDEU',
    '01ABCDEÄ',
    '01ABCDE\u0661',
    '0'.repeat(201),
  ])
    t.equal(parseTypedCode(text, 2), null, text)
})
