import t from 'tap'
import { KeySchedule } from '../../src/tokens/key-schedule.js'

const hour = 3600
const day = 24 * hour
const start = new Date('2026-01-01T00:00:00Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const key = (name: string, signsFrom: Date) => ({ name, signsFrom })
const schedule = new KeySchedule({ keyRotationDays: 90, accessSeconds: 900 })

t.test('the first key signs at once, each other one an hour after it was made', async (t) => {
  t.strictSame(schedule.nextStart([], start), start)
  const first = key('first', start)
  t.equal(schedule.nextStart([first], at(90 * day - hour - 1)), null, 'too early')
  t.strictSame(schedule.nextStart([first], at(90 * day - hour)), at(90 * day))
  t.strictSame(schedule.nextStart([first], at(200 * day)), at(200 * day + hour), 'after a long sleep')
  const second = key('second', at(90 * day))
  t.equal(schedule.nextStart([second, first], at(90 * day - hour)), null, 'one is enough')
})

t.test('a key signs from its time on, until the next one does', async (t) => {
  const first = key('first', start)
  const second = key('second', at(90 * day))
  const signer = (seconds: number) => schedule.signer([second, first], at(seconds))?.name
  t.equal(signer(0), 'first')
  t.equal(signer(90 * day - 1), 'first')
  t.equal(signer(90 * day), 'second')
  t.equal(signer(-5), 'first', 'also by a clock that is slow')
  t.equal(schedule.signer([], start), null)
})

t.test('a key is published before it signs, and until its last token is over', async (t) => {
  const first = key('first', start)
  const second = key('second', at(90 * day))
  const keys = [second, first]
  t.equal(schedule.publishedUntil(keys, second), null)
  t.strictSame(schedule.publishedUntil(keys, first), at(90 * day + 900 + 60))
  const published = (seconds: number) => schedule.published(keys, at(seconds)).map(({ name }) => name)
  t.strictSame(published(90 * day - hour), ['second', 'first'])
  t.strictSame(published(90 * day + 959), ['second', 'first'])
  t.strictSame(published(90 * day + 960), ['second'])
})
