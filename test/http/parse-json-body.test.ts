import t from 'tap'
import { HttpProblem } from '../../src/http/http-problem.js'
import { parseJsonBody } from '../../src/http/parse-json-body.js'

const deep = (open: string, close: string) => open.repeat(15_000) + close.repeat(15_000)

t.test('a JSON object of texts and lists of texts is read as it was written', async (t) => {
  const bodies: [text: string, body: object][] = [
    ['{}', {}],
    [' { "username" : "Ada" ,\n"password":"a b" } ', { username: 'Ada', password: 'a b' }],
    ['{"a":"\\u0041\\"\\\\","b":"☃"}', { a: 'A"\\', b: '☃' }],
    ['{"a":"\\"b\\": \\"c\\"","b":": {\\"a\\":"}', { a: '"b": "c"', b: ': {"a":' }],
    ['{"answers":["x","y: \\"z\\":"],"email":null}', { answers: ['x', 'y: "z":'] }],
    ['\ufeff{"a":"b"}', { a: 'b' }],
    ['{"":"x"}', { '': 'x' }],
  ]
  for (const [text, body] of bodies) t.strictSame(parseJsonBody(Buffer.from(text)), body, text)
})

t.test('what is anything else is refused, each in its own words', async (t) => {
  const bodies: [bytes: string | Buffer, code: string][] = [
    [Buffer.from('{"a":"\xff"}', 'latin1'), 'jsonNotUtf8'],
    [Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'), 'jsonNotUtf8'],
    [Buffer.from('{"a":"b"}', 'utf16le'), 'jsonMalformed'],
    [Buffer.from('\xff\xfe{', 'latin1'), 'jsonNotUtf8'],
    [' ', 'jsonMalformed'],
    ['{', 'jsonMalformed'],
    ['{"a":"b"}{}', 'jsonMalformed'],
    ['{"a":"b",}', 'jsonMalformed'],
    ["{'a':'b'}", 'jsonMalformed'],
    ['{"a":"b" /* c */}', 'jsonMalformed'],
    ['{"a":"\n"}', 'jsonMalformed'],
    ['{"a":NaN}', 'jsonMalformed'],
    ['username=Ada&password=x', 'jsonMalformed'],
    ['null', 'jsonNotObject'],
    ['"text"', 'jsonNotObject'],
    ['1', 'jsonNotObject'],
    ['[]', 'jsonNotObject'],
    ['[{"username":"Ada"}]', 'jsonNotObject'],
    [deep('[', ']'), 'jsonNotObject'],
    [`{"a":${deep('[', ']')}}`, 'jsonNotText'],
    [`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 'jsonNotText'],
    ['{"a":1}', 'jsonNotText'],
    ['{"a":true}', 'jsonNotText'],
    ['{"a":{}}', 'jsonNotText'],
    ['{"a":{"$ne":"x"}}', 'jsonNotText'],
    ['{"a":["x",null]}', 'jsonNotText'],
    ['{"a":[["x"]]}', 'jsonNotText'],
    ['{"__proto__":"x"}', 'jsonReservedName'],
    ['{"__proto__":{"username":"Ada"}}', 'jsonReservedName'],
    ['{"\\u005f_proto__":"x"}', 'jsonReservedName'],
    ['{"constructor":{"prototype":{"username":"Ada"}}}', 'jsonReservedName'],
    ['{"prototype":[]}', 'jsonReservedName'],
    ['{"a":"b","a":"b"}', 'jsonRepeatedName'],
    ['{"a":"b","\\u0061" : "c"}', 'jsonRepeatedName'],
    ['{"a":null,"a":"c"}', 'jsonRepeatedName'],
    ['{"1":"b","1":"c"}', 'jsonRepeatedName'],
    ['{"a\\"":"b","a\\"":"c"}', 'jsonRepeatedName'],
  ]
  for (const [bytes, code] of bodies) {
    const read = () => parseJsonBody(Buffer.from(bytes as string))
    t.throws(read, new HttpProblem(400, code as HttpProblem['code']), String(bytes).slice(0, 60))
  }
  t.equal(({} as Record<string, unknown>)['username'], undefined)
})
