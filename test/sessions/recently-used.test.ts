import t from 'tap'
import { RecentlyUsed } from '../../src/sessions/recently-used.js'

function fill(limit: number, keys: string): RecentlyUsed<string> {
  const map = new RecentlyUsed<string>(limit)
  for (const key of keys) map.set(key, key)
  return map
}

/** Which of these keys are there; asking with `get` would count as a use. */
function heldOf(map: RecentlyUsed<string>, keys: string): string {
  const held: string[] = []
  map.deleteWhere((key) => !held.push(key))
  return Array.from(keys)
    .filter((key) => held.includes(key))
    .join('')
}

t.test('the hand spares once what was asked for, and goes on from where it was', async (t) => {
  const map = fill(4, 'abcd')
  for (const key of 'ac') t.equal(map.get(key), key)
  map.set('e', 'e')
  t.equal(heldOf(map, 'abcde'), 'acde', 'b is the oldest that nobody asked for')
  map.set('f', 'f')
  t.equal(heldOf(map, 'abcdef'), 'acef', 'c was asked for, d not')
  map.set('g', 'g')
  t.equal(heldOf(map, 'abcdefg'), 'acfg', 'e comes before the hand is back at a')
})

t.test('when all were asked for, the oldest goes', async (t) => {
  const map = fill(3, 'abc')
  for (const key of 'abc') map.get(key)
  map.set('d', 'd')
  t.equal(heldOf(map, 'abcd'), 'bcd')
})

t.test('the hand outlives the entry at which it stands', async (t) => {
  const map = fill(3, 'abc')
  map.get('a')
  map.set('d', 'd')
  t.equal(heldOf(map, 'abcd'), 'acd')
  map.delete('c')
  map.delete('d')
  for (const key of 'efg') map.set(key, key)
  t.equal(heldOf(map, 'abcdefg'), 'efg')
  map.clear()
  t.equal(map.get('e'), undefined)
  map.set('h', 'h')
  t.equal(heldOf(map, 'efgh'), 'h')
})

t.test('who holds an entry knows whether it still counts, and can mark it as used', async (t) => {
  const map = fill(3, 'abcd')
  const [b, c, d] = ['b', 'c', 'd'].map((key) => map.find(key))
  t.equal(map.find('a'), undefined)
  t.match(b, { value: 'b', isUsed: false, isForgotten: false }, 'to find it is no use of it')
  if (b) b.isUsed = true
  map.set('e', 'e')
  t.equal(heldOf(map, 'abcde'), 'bde')
  t.strictSame([b?.isForgotten, c?.isForgotten, d?.isForgotten], [false, true, false])
  map.set('d', 'D')
  t.equal(d?.isForgotten, true, 'replaced')
  t.match(map.find('d'), { value: 'D', isForgotten: false })
  map.delete('b')
  t.equal(b?.isForgotten, true)
  const e = map.find('e')
  map.clear()
  t.equal(e?.isForgotten, true)
})

t.test('an entry that is held keeps no other in memory', async (t) => {
  const map = fill(3, 'abc')
  const linked = (key: string) => {
    const { older, newer } = map.find(key) as unknown as { older: unknown; newer: unknown }
    return [older, newer].filter((neighbour) => neighbour !== null).length
  }
  t.equal(linked('b'), 2)
  const dropped = [map.find('b'), map.find('c')]
  map.delete('b')
  map.clear()
  for (const entry of dropped) t.match(entry, { older: null, newer: null, isForgotten: true })
})

t.test('it never holds more than its limit, and always the latest value', async (t) => {
  const limit = 7
  const map = new RecentlyUsed<string>(limit)
  let state = 1
  // Park and Miller's generator: the same at each run.
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below
  const latest = new Map<string, string>()
  const keys = Array.from('abcdefghijklmnopqrst')
  for (let step = 0; step < 20_000; step += 1) {
    const key = keys[random(keys.length)] ?? ''
    const deed = random(10)
    if (deed < 4) {
      map.set(key, `${key}${step}`)
      latest.set(key, `${key}${step}`)
      if (map.get(key) !== `${key}${step}`) t.fail(`${key} is not there in step ${step}`)
    } else if (deed < 5) {
      map.delete(key)
      if (map.get(key) !== undefined) t.fail(`${key} is still there in step ${step}`)
    } else {
      const value = map.get(key)
      if (value !== undefined && value !== latest.get(key)) t.fail(`${key} is old in step ${step}`)
    }
    let count = 0
    map.deleteWhere(() => ++count > limit)
    if (count > limit) t.fail(`${count} entries in step ${step}`)
  }
})
