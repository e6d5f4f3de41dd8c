import { createHmac, createPublicKey, randomUUID } from 'node:crypto'
import { decodeJwt, generateKeyPair, SignJWT, type JWK } from 'jose'
import t from 'tap'
import { findFreePort } from '../../src/programs/find-free-port.js'
import { SigningKeyStore } from '../../src/tokens/signing-key-store.js'
import { startTestService } from '../flows/test-service.js'
import { runOfflineApp } from './offline-app.js'

const port = await findFreePort()
const service = await startTestService(t, {
  ALLOWED_REDIRECT_ORIGINS: `http://localhost:${port} https://other.example.com`,
})
const app = await runOfflineApp(t, service.origin, port)

async function signIn(path: string, audience: string) {
  const answer = await fetch(new URL(path, service.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username: 'Ada',
      password: 'correct horse battery',
      audience,
      include: 'accessToken',
    }),
  })
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
  const { accessToken } = (await answer.json()) as { accessToken: string }
  return { accessToken, cookies }
}

const own = await signIn('/api/register', app.audience)
const [key] = await new SigningKeyStore(service.database).list()
const privateJwk = JSON.parse(key?.privateJwk.toString() ?? '') as JWK
const publicPem = createPublicKey({ key: { ...key?.publicJwk }, format: 'jwk' }).export({
  type: 'spki',
  format: 'pem',
})
const kid = key?.kid ?? ''
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as Latchkey signs it, but for some changes. */
async function forge(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  signer: Parameters<SignJWT['sign']>[0] = privateJwk,
): Promise<string> {
  const good = { ...decodeJwt(own.accessToken), jti: randomUUID() }
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt', ...header })
    .sign(signer)
}

t.test('the app of the README lets in whom a token for it names', async (t) => {
  t.strictSame(await app.ask(`Bearer ${own.accessToken}`), { status: 200, body: 'Hello, Ada' })
  t.equal((await app.ask(`Bearer ${await forge()}`)).status, 200, 'what is changed below is good otherwise')
})

t.test('the app of the README refuses whatever else is shown to it', async (t) => {
  const now = Math.floor(Date.now() / 1000)
  const stranger = await generateKeyPair('ES256')
  const other = await signIn('/api/login', 'https://other.example.com')
  const forLatchkey = await signIn('/api/login', service.origin)
  const [header = '', payload = '', signature = ''] = own.accessToken.split('.')
  const unsigned = `${base64url({ alg: 'none', kid, typ: 'at+jwt' })}.${payload}`
  const withHmac = (secret: string) => {
    const text = `${base64url({ alg: 'HS256', kid, typ: 'at+jwt' })}.${payload}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const strangerJwk = { ...key?.publicJwk, kid: 'mine' }
  const shown: Record<string, string> = {
    nothing: '',
    'no token': 'x',
    'a session token': own.cookies.find((line) => line.startsWith('latchkey_session'))?.split('=')[1] ?? '',
    'a refresh token': own.cookies.find((line) => line.startsWith('refresh_token'))?.split('=')[1] ?? '',
    'for another app': other.accessToken,
    'for Latchkey itself': forLatchkey.accessToken,
    'for no app': await forge({ aud: '' }),
    'of another issuer': await forge({ iss: 'https://evil.example' }),
    expired: await forge({ exp: now - 6 }),
    'without an end': await forge({ exp: undefined }),
    'not yet': await forge({ nbf: now + 60 }),
    'for nobody': await forge({ sub: undefined }),
    'of another type': await forge({}, { typ: 'JWT' }),
    'of no type': await forge({}, { typ: undefined }),
    'by another key': await forge({}, {}, stranger.privateKey),
    'by a key of its own': await forge({}, { jwk: strangerJwk }, stranger.privateKey),
    'by a key elsewhere': await forge({}, { jku: 'https://evil.example/', kid: 'mine' }, stranger.privateKey),
    'by a key that is not there': await forge({}, { kid: 'mine' }),
    'not signed': `${unsigned}.`,
    'not signed at all': unsigned,
    'not signed, in other letters': `${base64url({ alg: 'nOnE', kid, typ: 'at+jwt' })}.${payload}.`,
    'with the signature of another': `${base64url({ alg: 'none', kid, typ: 'at+jwt' })}.${payload}.${signature}`,
    'by the public key as a secret, PEM': withHmac(String(publicPem)),
    'by the public key as a secret, JWK': withHmac(JSON.stringify(key?.publicJwk)),
    'by no secret': withHmac(''),
    'with other claims': `${header}.${base64url({ ...decodeJwt(own.accessToken), name: 'Eve' })}.${signature}`,
    'with an empty signature': `${header}.${payload}.`,
    'with zeros for a signature': `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
    'with more behind it': `${own.accessToken}.x`,
    twice: `${own.accessToken} ${own.accessToken}`,
    'of 12 KB': `${header}.${payload}${'A'.repeat(12_000)}.${signature}`,
  }
  for (const [what, token] of Object.entries(shown)) {
    t.strictSame(await app.ask(`Bearer ${token}`), { status: 401, body: '' }, what)
  }
  t.equal((await app.ask(own.accessToken)).status, 401, 'not as a Bearer token')
  t.equal((await app.ask(`Bearer ${own.accessToken}`)).status, 200)
})
