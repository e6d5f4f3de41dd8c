import t from 'tap'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { SealedBox } from '../../src/secrets/sealed-box.js'

const token = createRandomToken()
const content = Buffer.from('7GK0-QX3M – ☂')

t.test('gives back what was sealed with the same token, purpose and context', async (t) => {
  for (const each of [content, Buffer.alloc(0), Buffer.alloc(100_000, 7)]) {
    const box = new SealedBox(token, 'test').seal(each, 'row 1')
    t.strictSame(new SealedBox(token, 'test').open(box, 'row 1'), each)
  }
})

t.test('opens for no other token, purpose or context', async (t) => {
  const box = new SealedBox(token, 'test').seal(content, 'row 1')
  t.equal(new SealedBox(createRandomToken(), 'test').open(box, 'row 1'), null)
  t.equal(new SealedBox(token, 'tests').open(box, 'row 1'), null)
  t.equal(new SealedBox(token, 'test').open(box, 'row 2'), null)
})

t.test('opens for nobody when any bit of it was changed or any of it is missing', async (t) => {
  const sealedBox = new SealedBox(token, 'test')
  const box = sealedBox.seal(content, '')
  for (let bit = 0; bit < box.length * 8; bit++) {
    const changed = Buffer.from(box)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    t.equal(sealedBox.open(changed, ''), null, `bit ${bit}`)
  }
  for (let length = 0; length < box.length; length++)
    t.equal(sealedBox.open(box.subarray(0, length), ''), null, `${length} bytes`)
  t.equal(sealedBox.open(Buffer.concat([box, Buffer.of(0)]), ''), null)
})

t.test('no two boxes are alike, and none tells what it holds', async (t) => {
  const sealedBox = new SealedBox(token, 'test')
  const boxes = Array.from({ length: 1000 }, () => sealedBox.seal(content, ''))
  t.equal(new Set(boxes.map((box) => box.subarray(1, 13).toString('hex'))).size, 1000)
  for (const box of boxes) t.notOk(box.includes(content.subarray(0, 4)))
})

t.test('seals as the standards say: read by the Web Crypto API', async (t) => {
  const box = new SealedBox(token, 'test').seal(content, 'row 1')
  const secret = await crypto.subtle.importKey('raw', Buffer.from(token, 'base64url'), 'HKDF', false, [
    'deriveKey',
  ])
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: Buffer.from('latchkey test') },
    secret,
    { name: 'AES-GCM', length: 256 },
    false,
    ['decrypt'],
  )
  const additionalData = Buffer.from('\u0001row 1')
  const opened = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: new Uint8Array(box.subarray(1, 13)), additionalData },
    key,
    new Uint8Array(box.subarray(13)),
  )
  t.strictSame(Buffer.from(opened), content)
})

t.test('takes no token of fewer bits', async (t) => {
  for (const weak of ['', 'A'.repeat(42), 'A'.repeat(44), 'password'])
    t.throws(() => new SealedBox(weak, 'test'), RangeError, weak)
})
