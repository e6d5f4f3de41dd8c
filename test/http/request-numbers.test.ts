import t from 'tap'
import { createRequestNumbers } from '../../src/http/request-numbers.js'

t.test('no number comes twice, on one node or on several, and all are short', async (t) => {
  const nodes = Array.from({ length: 3 }, createRequestNumbers)
  const numbers = nodes.flatMap((next) => Array.from({ length: 100 }, next))
  t.equal(new Set(numbers).size, 300)
  for (const number of numbers) t.match(number, /^[0-9a-z]{8}-[0-9a-z]{1,2}$/)
})
