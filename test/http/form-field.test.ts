import t from 'tap'
import { readFormField } from '../../src/http/form-field.js'

t.test('reads exactly one readable text and names every other case', async (t) => {
  const cases: [source: unknown, expected: object][] = [
    [{ name: 'Ada' }, { kind: 'text', text: 'Ada' }],
    [{ name: ' \t😀 ' }, { kind: 'text', text: ' \t😀 ' }],
    [{ name: '' }, { kind: 'missing' }],
    [{}, { kind: 'missing' }],
    [undefined, { kind: 'missing' }],
    [null, { kind: 'missing' }],
    ['name=Ada', { kind: 'missing' }],
    [Object.create({ name: 'inherited' }), { kind: 'missing' }],
    [{ name: ['Ada', 'Bob'] }, { kind: 'repeated' }],
    [{ name: 7 }, { kind: 'repeated' }],
    [{ name: { toString: () => 'Ada' } }, { kind: 'repeated' }],
    [{ name: 'A\0da' }, { kind: 'unreadable' }],
    [{ name: 'A\ufffd' }, { kind: 'unreadable' }],
    [{ name: 'A\udc00' }, { kind: 'unreadable' }],
  ]
  for (const [source, expected] of cases) t.strictSame(readFormField(source, 'name'), expected)
})
