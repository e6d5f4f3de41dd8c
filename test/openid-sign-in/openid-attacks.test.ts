import { generateKeyPair } from 'jose'
import t, { type Test } from 'tap'
import { startTestService } from '../flows/test-service.js'
import type { TestBrowser } from '../flows/test-browser.js'
import { app, isSignedIn, password } from './openid-scene.js'
import { sealErrand } from '../../src/openid-sign-in/errand.js'
import { savePasskey } from '../flows/save-passkey.js'
import { startStandIn, type Claims, type Forgery } from './stand-in-provider.js'

const query = `?redirectUrl=${encodeURIComponent(`${app}/start`)}`
const start = `/login/openid${query}`
const newcomerPage = `/login/openid/username${query}`

async function startScene(t: Test, settings: Record<string, string> = {}) {
  const provider = await startStandIn(t)
  const service = await startTestService(t, {
    ALLOWED_REDIRECT_ORIGINS: app,
    ...provider.settings,
    ...settings,
  })
  const setOut = async (browser: TestBrowser, path = start) => (await browser.get(path)).location
  const comeBack = async (browser: TestBrowser, forgery: Forgery = {}, path = start) =>
    browser.get((await provider.issueCode(await setOut(browser, path), forgery)).href)
  const countRows = async (table: string) => (await service.database.query(`select from ${table}`)).rowCount
  return { provider, service, setOut, comeBack, countRows }
}

const change = (claims: Claims): Forgery => ({ claims: (right) => ({ ...right, ...claims }) })
const without = (name: string): Forgery => ({
  claims: (right) => Object.fromEntries(Object.entries(right).filter(([each]) => each !== name)),
})
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

t.test('the right answer is accepted, and asks for what it should', async (t) => {
  const { provider, service, setOut, comeBack } = await startScene(t)
  const browser = service.browser()
  t.equal((await comeBack(browser)).location, newcomerPage)
  const { origin, pathname, searchParams } = new URL((await setOut(browser)) ?? '')
  t.equal(origin + pathname, `${provider.issuer}/authorize`)
  t.match(Object.fromEntries(searchParams), {
    client_id: 'latchkey',
    response_type: 'code',
    scope: 'openid email profile',
    redirect_uri: `${service.origin}/login/openid/callback`,
    code_challenge_method: 'S256',
    code_challenge: /^[\w-]{43}$/,
    nonce: /^[\w-]{43}$/,
    state: /^[\w-]{60,}$/,
  })
})

t.test('an answer with anything wrong in it is refused', async (t) => {
  const { service, comeBack, countRows } = await startScene(t)
  const { privateKey: otherKey } = await generateKeyPair('RS256')
  const cases: Record<string, Forgery> = {
    'another nonce': change({ nonce: 'x'.repeat(43) }),
    'no nonce': without('nonce'),
    'another audience': change({ aud: 'somebody else' }),
    'no audience': without('aud'),
    'further audiences, and no authorised party': change({ aud: ['latchkey', 'somebody else'] }),
    'another authorised party': change({ azp: 'somebody else' }),
    'another issuer': change({ iss: 'https://accounts.google.com' }),
    'no issuer': without('iss'),
    'one that has expired': change({ exp: inSeconds(-120), iat: inSeconds(-420) }),
    'no expiry': without('exp'),
    'no time of issue': without('iat'),
    'one that does not count yet': change({ nbf: inSeconds(300) }),
    'no subject': without('sub'),
    'an empty subject': change({ sub: '' }),
    'a subject that is no text': change({ sub: 7 }),
    'a subject with a NUL': change({ sub: 'a\0b' }),
    'a subject that is too long': change({ sub: 'a'.repeat(256) }),
    'another key': { key: otherKey },
    'no signature': { alg: 'none' },
    'a signature by the secret of the client': { alg: 'HS256' },
    'a signature cut off': { token: (right) => right.replace(/[^.]*$/, '') },
    'a claim changed after signing': {
      token: (right) => {
        const [header = '', payload = '', signature = ''] = right.split('.')
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
        const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url')
        return `${header}.${forged}.${signature}`
      },
    },
    'no ID token at all': { token: () => null },
    'one that is none': { token: () => 'nonsense' },
  }
  for (const [words, forgery] of Object.entries(cases)) {
    const browser = service.browser()
    const page = await comeBack(browser, forgery)
    t.equal(page.status, 400, words)
    t.match(page.body, 'The answer of Stand-in was not accepted', words)
    t.match(page.body, `href="/login${query}"`, 'the destination is kept')
    t.match(page.body, `href="${start}"`)
    t.equal(browser.cookies.has('latchkey_newcomer'), false)
  }
  for (const table of ['newcomers', 'used_once', 'accounts', 'sessions'])
    t.equal(await countRows(table), 0, table)
  t.notMatch(JSON.stringify(service.logged()), /ada@mail|eyJ/, 'and nobody’s address or token is in the log')
  const reasons = service
    .logged()
    .filter(({ msg }) => msg === 'the answer of the OpenID provider was refused')
  t.equal(reasons.length, Object.keys(cases).length, 'the operator is told why')
})

t.test('an answer comes back once, from the browser that set out', async (t) => {
  const { provider, service, setOut, countRows } = await startScene(t)
  const victim = service.browser()
  const attacker = service.browser()
  const [hers, his] = [await setOut(victim), await setOut(attacker)]
  const evil = await provider.issueCode(his, change({ sub: 'eve' }))

  const login = await victim.get(evil.href)
  t.equal(login.status, 400, 'somebody else’s answer signs nobody in: his cookie is not here')
  t.match(login.body, 'Please start again')
  const bare = await service.browser().get(evil.href)
  t.equal(bare.status, 400)

  const swapped = await provider.issueCode(hers)
  swapped.searchParams.set('code', evil.searchParams.get('code') ?? '')
  t.equal((await victim.get(swapped.href)).status, 400, 'a swapped code is of another challenge')

  const again = await provider.issueCode(await setOut(victim))
  const asked = await victim.send(again.href, { method: 'HEAD' })
  t.match([asked.status, asked.headers.get('allow')], [405, 'GET'], 'a look at the answer uses nothing up')
  t.equal((await victim.get(again.href)).location, newcomerPage)
  const replayed = await victim.get(again.href)
  t.equal(replayed.status, 400)
  t.match(replayed.body, 'It took too long, was done already')
  t.equal(await countRows('newcomers'), 1)
})

t.test('also where the provider takes a code twice, it signs in once', async (t) => {
  const { provider, service, setOut, countRows } = await startScene(t)
  const browser = service.browser()
  const out = await setOut(browser)
  const backs = []
  for (let times = 0; times < 8; times++) backs.push(await provider.issueCode(out, change({ jti: times })))
  const pages = await Promise.all(backs.map(({ href }) => browser.get(href)))
  t.equal(pages.filter(({ location }) => location === newcomerPage).length, 1)
  t.equal(pages.filter(({ status }) => status === 400).length, 7)
  t.equal(await countRows('newcomers'), 1)
})

t.test('what is written another way is not what was sent', async (t) => {
  const { provider, service, setOut } = await startScene(t)
  const browser = service.browser()
  const right = await provider.issueCode(await setOut(browser))
  const state = right.searchParams.get('state') ?? ''
  const states = [
    '',
    'x',
    `${state}=`,
    `${state}A`,
    state.slice(0, -2),
    ` ${state}`,
    `\0${state}`,
    'A'.repeat(9000),
  ]
  for (const each of states) {
    const url = new URL(right)
    url.searchParams.set('state', each)
    t.equal((await browser.get(url.href)).status, 400, JSON.stringify(each.slice(-20)))
  }
  const twice = new URL(right)
  twice.searchParams.append('state', state)
  t.equal((await browser.get(twice.href)).status, 400)
  const without = new URL(right)
  without.searchParams.delete('state')
  t.equal((await browser.get(without.href)).status, 400)
  const codes = new URL(right)
  codes.searchParams.append('code', 'x')
  t.equal((await browser.get(codes.href)).status, 400)
  t.equal((await browser.get(right.href)).location, newcomerPage, 'the right one still counts')
})

t.test('a provider that announces to name itself must, and rightly', async (t) => {
  const { provider, service, setOut } = await startScene(t)
  provider.announce({ authorization_response_iss_parameter_supported: true })
  const browser = service.browser()
  for (const iss of [null, 'https://evil.example']) {
    const back = await provider.issueCode(await setOut(browser))
    if (iss !== null) back.searchParams.set('iss', iss)
    t.equal((await browser.get(back.href)).status, 400, `${iss}`)
  }
  const back = await provider.issueCode(await setOut(browser))
  back.searchParams.set('iss', provider.issuer)
  t.equal((await browser.get(back.href)).location, newcomerPage)
})

t.test('what somebody set out for is over after a quarter of an hour', async (t) => {
  const { provider, service, setOut } = await startScene(t)
  const browser = service.browser()
  const back = await provider.issueCode(await setOut(browser))
  service.passSeconds(901)
  const page = await browser.get(back.href)
  t.equal(page.status, 400)
  t.match(page.body, 'Please start again')
  t.match(page.body, `href="/login${query}"`)
})

t.test('who does not want to is told so, and finds back', async (t) => {
  const { service, setOut } = await startScene(t)
  const browser = service.browser()
  const { searchParams } = new URL((await setOut(browser)) ?? '')
  const state = encodeURIComponent(searchParams.get('state') ?? '')
  const declined = await browser.get(`/login/openid/callback?error=access_denied&state=${state}`)
  t.equal(declined.status, 400)
  t.match(declined.body, 'You did not go on with Stand-in')
  t.match(declined.body, `href="/login${query}"`)
  const failed = await browser.get(`/login/openid/callback?error=server_error&state=${state}`)
  t.equal(failed.status, 400)
  t.match(failed.body, 'was not accepted')
  const stranger = await service.browser().get(`/login/openid/callback?error=access_denied&state=${state}`)
  t.match(stranger.body, 'Please start again')
})

t.test('a destination that is not allowed is refused on the way there, and on the way back', async (t) => {
  const { provider, service, setOut } = await startScene(t)
  const browser = service.browser()
  const refused = await browser.get('/login/openid?redirectUrl=https://evil.example')
  t.equal(refused.status, 400)
  t.match(refused.body, 'https://evil.example')
  const token = 'A'.repeat(43)
  const forge = (redirectUrl: string) =>
    sealErrand(token, { purpose: 'signIn', redirectUrl, sessionId: null, setOutAt: new Date() })
  await setOut(browser)
  browser.cookies.set('latchkey_errand', token)
  const { state } = forge('https://evil.example')
  const back = await browser.get(`/login/openid/callback?code=x&state=${state}`)
  t.equal(back.status, 400)
  t.equal(back.location, null)
  t.match(back.body, 'https://evil.example')
  t.equal(provider.asked().includes('/token'), false)
})

t.test('a browser that makes up its errand gains nothing by it', async (t) => {
  const { provider, service } = await startScene(t)
  const owner = service.browser()
  await owner.post('/register', { username: 'Ada', password, confirmPassword: password })
  await savePasskey(owner)
  const { rows } = await service.database.query<{ id: string }>('select id from sessions')
  const token = 'A'.repeat(43)
  owner.cookies.set('latchkey_errand', token)
  const { createHash } = await import('node:crypto')
  const comeBackWith = async (
    purpose: 'link' | 'prove',
    claims: Claims = {},
    redirectUrl = '/profile/delete',
  ) => {
    const errand = {
      purpose,
      redirectUrl,
      sessionId: rows[0]?.id ?? '',
      setOutAt: new Date(Date.now() - 600_000),
    }
    const { state, nonce, codeVerifier } = sealErrand(token, errand)
    const address = new URL(`${provider.issuer}/authorize`)
    address.search = new URLSearchParams({
      state,
      nonce,
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      redirect_uri: `${service.origin}/login/openid/callback`,
    }).toString()
    return owner.get((await provider.issueCode(address.href, change(claims))).href)
  }
  t.equal(
    (await comeBackWith('link')).location,
    '/profile/openid?redirectUrl=%2Fprofile%2Fdelete',
    'the password is asked for all the same',
  )
  t.equal((await service.database.query('select from linked_identities')).rowCount, 0)

  await owner.post('/profile/confirm', { currentPassword: password })
  t.equal((await comeBackWith('link', {}, 'https://elsewhere.example')).status, 400)
  t.equal((await service.database.query('select from linked_identities')).rowCount, 0)
  t.equal((await comeBackWith('link')).location, '/profile/delete')
  await service.database.query('update accounts set has_password = false')
  await service.database.query('delete from password_proofs')
  const times = [
    [{}, 403, 'a provider that does not say when'],
    [{ auth_time: inSeconds(-301) }, 403, 'too long ago'],
    [{ auth_time: inSeconds(-540) }, 403, 'after it was set out, as the browser has it'],
    [{ auth_time: 'now' }, 400, 'no time'],
    [{ auth_time: inSeconds(3600) }, 403, 'in the future'],
    [{ auth_time: 1e300 }, 403, 'in no future'],
    [{ auth_time: inSeconds(-240) }, 303, 'just now'],
  ] as const
  for (const [claims, status, words] of times) {
    const page = await comeBackWith('prove', claims)
    t.equal(page.status, status, words)
    if (status === 403) t.match(page.body, 'Stand-in does not say that you have just signed in there')
    t.equal((await owner.get('/profile/delete')).status, status === 303 ? 200 : 303)
  }
})

t.test('a provider that is away stops nobody else, and is asked again', async (t) => {
  const { provider, service, setOut, comeBack } = await startScene(t)
  const browser = service.browser()
  provider.fail(500)
  const page = await browser.get(start)
  t.equal(page.status, 503)
  t.ok(Number(page.headers.get('retry-after')) > 0)
  t.match(page.body, 'Stand-in cannot be reached right now')
  t.match(page.body, `href="/login${query}"`)
  t.equal((await browser.get('/login')).status, 200)
  const asked = provider.asked().length
  for (let times = 0; times < 3; times++) t.equal((await browser.get(start)).status, 503)
  t.equal(provider.asked().length, asked, 'not for everybody who comes in the next seconds')
  provider.fail(null)
  service.passSeconds(11)
  t.equal((await comeBack(browser)).location, newcomerPage)

  const out = await setOut(browser)
  const back = await provider.issueCode(out)
  provider.fail(502)
  t.equal((await browser.get(back.href)).status, 503)
  provider.fail(null)
  t.equal((await browser.get(back.href)).location, newcomerPage, 'the code was not used up')
  await provider.close()
  t.equal((await browser.get((await provider.issueCode(out)).href)).status, 503)
})

t.test('answers that are refused count against the network they come to', async (t) => {
  const { provider, service, comeBack } = await startScene(t, { FAILED_ATTEMPTS_PER_ADDRESS: '3' })
  for (let tries = 0; tries < 3; tries++)
    t.equal((await comeBack(service.browser(), change({ nonce: 'x' }))).status, 400)
  const asked = provider.asked().length
  const page = await comeBack(service.browser())
  t.equal(page.status, 429)
  t.equal(page.headers.get('retry-after'), '900')
  t.match(page.body, 'You can try again in 15 minutes.')
  t.match(page.body, `href="${start}"`)
  t.equal(provider.asked().length, asked, 'the provider is not asked')
  service.passSeconds(901)
  t.equal((await comeBack(service.browser())).location, newcomerPage)
})

t.test('a provider that says to be another one is not believed', async (t) => {
  const { provider, service } = await startScene(t)
  provider.announce({ issuer: 'https://accounts.google.com' })
  t.equal((await service.browser().get(start)).status, 503)
})

t.test('its word is asked for once, and again after an hour', async (t) => {
  const { provider, service, comeBack } = await startScene(t)
  await Promise.all(Array.from({ length: 5 }, () => service.browser().get(start)))
  const discoveries = () => provider.asked().filter((path) => path.includes('well-known')).length
  for (let times = 0; times < 3; times++) await comeBack(service.browser())
  t.equal(discoveries(), 1)
  service.passSeconds(3601)
  await service.browser().get(start)
  t.equal(discoveries(), 2)
  t.equal(await isSignedIn(service.browser()), false)
})
