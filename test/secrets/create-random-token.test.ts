import t from 'tap'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { isTokenShaped } from '../../src/secrets/is-token-shaped.js'

t.test('a token carries 256 bits and never comes twice', async (t) => {
  const tokens = Array.from({ length: 1000 }, createRandomToken)
  t.equal(new Set(tokens).size, tokens.length)
  t.ok(tokens.every((token) => Buffer.from(token, 'base64url').length === 32))
  t.ok(tokens.every(isTokenShaped))
})

t.test('the database keeps the SHA-256 of the characters of a token', async (t) => {
  // The test vector of FIPS 180-4.
  t.equal(
    hashToken('abc').toString('hex'),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

t.test('only 43 base64url characters look like a token', async (t) => {
  const token = 'A-_z0'.padEnd(43, 'x')
  t.ok(isTokenShaped(token))
  const others = [
    '',
    token.slice(1),
    `${token}x`,
    `${token}\n`,
    `\n${token}`,
    ` ${token.slice(1)}`,
    `+${token.slice(1)}`,
    `/${token.slice(1)}`,
    `${token.slice(1)}=`,
    `${token.slice(1)}\0`,
    `${token.slice(1)}é`,
    undefined,
    null,
    43,
    [token],
    { toString: () => token },
  ]
  for (const other of others) t.notOk(isTokenShaped(other), JSON.stringify(other))
})
