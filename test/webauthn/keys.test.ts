import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import t from 'tap'
import { isUsableKey } from '../../src/webauthn/is-usable-key.js'
import { encodeCbor } from './encode-cbor.js'
import { SoftwareAuthenticator, type CoseKey } from './software-authenticator.js'
import { addPasskey, noticeOf, origin, startWithPasskey } from './webauthn-scene.js'

type Members = [number, number | string | Buffer][]

const coseKey = (...members: Members): CoseKey => new Map(members)
const bytesOf = (key: KeyObject, name: 'x' | 'y' | 'n' | 'e') =>
  Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url')
const { publicKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { publicKey: ed } = generateKeyPairSync('ed25519')
const { publicKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const [x, y] = [bytesOf(ec, 'x'), bytesOf(ec, 'y')]
const rsaOf = (n: Buffer, e = bytesOf(rsa, 'e')) => coseKey([1, 3], [3, -257], [-1, n], [-2, e])
const ecOf = (...members: Members) => coseKey([1, 2], [3, -7], ...members)

const usable: { [words: string]: CoseKey } = {
  ES256: ecOf([-1, 1], [-2, x], [-3, y]),
  EdDSA: coseKey([1, 1], [3, -8], [-1, 6], [-2, bytesOf(ed, 'x')]),
  'RS256 of 2048 bits': rsaOf(bytesOf(rsa, 'n')),
  'RS256 of 4096 bits': rsaOf(Buffer.alloc(512, 0xff)),
}
const unusable: { [words: string]: CoseKey } = {
  'no point': ecOf([-1, 1]),
  'half a point': ecOf([-1, 1], [-2, x]),
  'off the curve': ecOf([-1, 1], [-2, Buffer.alloc(32, 1)], [-3, Buffer.alloc(32, 2)]),
  'a point of another length': ecOf([-1, 1], [-2, x.subarray(1)], [-3, y]),
  'a number for a point': ecOf([-1, 1], [-2, 1], [-3, 1]),
  'another curve': ecOf([-1, 2], [-2, x], [-3, y]),
  'another type': coseKey([1, 4], [3, -7], [-1, Buffer.alloc(32)]),
  'a curve, and EdDSA': coseKey([1, 2], [3, -8], [-1, 1], [-2, x], [-3, y]),
  'EdDSA on another curve': coseKey([1, 1], [3, -8], [-1, 4], [-2, bytesOf(ed, 'x')]),
  'an algorithm in words': coseKey([1, 2], [3, '-7'], [-1, 1], [-2, x], [-3, y]),
  'RSA of 512 bits': rsaOf(randomBytes(64)),
  'RSA of 8192 bits': rsaOf(Buffer.alloc(1024, 0xff)),
  'an exponent of 1': rsaOf(bytesOf(rsa, 'n'), Buffer.of(1)),
  'kilobytes beside it': ecOf([-1, 1], [-2, x], [-3, y], [-4, Buffer.alloc(1024)]),
}

for (const [words, key] of Object.entries(usable))
  t.test(`${words} is taken`, async (t) => {
    t.equal(await isUsableKey(new Uint8Array(encodeCbor(key))), true)
  })

for (const [words, key] of Object.entries(unusable))
  t.test(`${words} is not`, async (t) => {
    t.equal(await isUsableKey(new Uint8Array(encodeCbor(key))).catch(() => false), false)
  })

t.test('a passkey that could never sign is refused when it is made', async (t) => {
  const { service, owner } = await startWithPasskey(t)
  const key = unusable['off the curve'] ?? coseKey()
  const page = await addPasskey(owner, new SoftwareAuthenticator(origin), { coseKey: key })
  t.equal(page.status, 400)
  t.equal(noticeOf(page), 'This passkey was not accepted')
  t.equal((await service.database.query('select from webauthn_credentials')).rowCount, 1)
})
