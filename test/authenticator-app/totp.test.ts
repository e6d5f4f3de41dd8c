import jsqr from 'jsqr'
import t from 'tap'
import { base32 } from '../../src/authenticator-app/base32.js'
import { otpauthAddress } from '../../src/authenticator-app/otpauth-address.js'
import { qrCode } from '../../src/authenticator-app/qr-code.js'
import { findStep, stepAt, totpCode } from '../../src/authenticator-app/totp.js'

const secret = Buffer.from('12345678901234567890')
const at = (seconds: number) => new Date(seconds * 1000)

t.test('codes are those of RFC 6238, appendix B', async (t) => {
  for (const [seconds, code] of [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ] as const) {
    t.equal(totpCode(secret, stepAt(at(seconds)), 8), code)
    t.equal(totpCode(secret, stepAt(at(seconds))), code.slice(2))
  }
})

t.test('codes are those of RFC 4226, appendix D', async (t) => {
  const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ')
  for (const [count, code] of codes.entries()) t.equal(totpCode(secret, count), code)
})

t.test('the code of the step before and of the one after are taken, and no other', async (t) => {
  const now = at(1_234_567_890)
  const step = stepAt(now)
  for (const distance of [-1, 0, 1])
    t.equal(findStep(secret, totpCode(secret, step + distance), now), step + distance)
  for (const distance of [-2, 2, 2880])
    t.equal(findStep(secret, totpCode(secret, step + distance), now), null)
  for (const code of ['', '00592', '0059240', '00592４', '\0'.repeat(6)])
    t.equal(findStep(secret, code, now), null)
  t.equal(findStep(Buffer.alloc(20), totpCode(secret, step), now), null)
})

t.test('base32 is that of RFC 4648, section 10, without padding', async (t) => {
  const vectors = { '': '', f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB' }
  for (const [text, encoded] of Object.entries({ ...vectors, foobar: 'MZXW6YTBOI' }))
    t.equal(base32(Buffer.from(text)), encoded)
})

t.test('the link names service, person and secret, whatever they are called', async (t) => {
  const address = new URL(otpauthAddress(secret, 'Family: Berg & Söhne', 'anna.berg'))
  t.equal(address.protocol, 'otpauth:')
  t.equal(address.host, 'totp')
  t.equal(decodeURIComponent(address.pathname), '/Family  Berg & Söhne:anna.berg')
  t.strictSame(Object.fromEntries(address.searchParams), {
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: 'Family  Berg & Söhne',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  t.ok(otpauthAddress(secret, '鍵'.repeat(120), '鍵'.repeat(32)).length < 900)
})

t.test('a camera reads the QR code that is drawn, also that of the longest names', async (t) => {
  for (const [service, username] of [
    ['Latchkey', 'anna'],
    ['鍵'.repeat(120), '鍵'.repeat(32)],
  ] as const) {
    const address = otpauthAddress(secret, service, username)
    const { size, path } = await qrCode(address)
    t.ok(path.length < 18_000, `${path.length} characters`)
    const photo = takePhoto(size, path, 3)
    t.equal(jsqr.default(photo, size * 3, size * 3)?.data, address)
  }
})

/** The strokes of a path in black on white, as a browser draws them. */
function takePhoto(size: number, path: string, scale: number): Uint8ClampedArray {
  const edge = size * scale
  const pixels = new Uint8ClampedArray(edge * edge * 4).fill(255)
  for (const [, top, strokes = ''] of path.matchAll(/M0 (\d+)\.5([^M]+)/g)) {
    let x = 0
    for (const [, kind, length] of strokes.matchAll(/([hm])(\d+)/g)) {
      if (kind === 'h')
        for (let row = Number(top) * scale; row < (Number(top) + 1) * scale; row += 1)
          for (let column = x * scale; column < (x + Number(length)) * scale; column += 1)
            pixels.set([0, 0, 0], (row * edge + column) * 4)
      x += Number(length)
    }
  }
  return pixels
}
