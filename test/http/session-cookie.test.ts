import type { FastifyReply } from 'fastify'
import { pino } from 'pino'
import t from 'tap'
import { DeviceCookie } from '../../src/http/device-cookie.js'
import { createServer } from '../../src/http/server.js'
import { SessionCookie } from '../../src/http/session-cookie.js'

const now = new Date('2026-01-01T00:00:00Z')
const inAnHour = new Date(now.getTime() + 3_600_000)
const publicOrigin = 'https://login.example.com'
const token = (letter: string) => letter.repeat(43)

/** The cookies of an answer in which `say` has its say. */
async function cookiesOf(
  say: (session: SessionCookie, device: DeviceCookie, reply: FastifyReply) => void,
  cookieDomain: string | null = null,
  headers: Record<string, string> = {},
): Promise<string[]> {
  const session = new SessionCookie({ publicOrigin, cookieDomain })
  const device = new DeviceCookie({ publicOrigin, validitySeconds: 60 })
  const settings = { serviceName: 'x', publicOrigin, trustedProxies: [], formTargets: () => [] }
  const limits = { requestSeconds: 1, keepAliveSeconds: 1, connections: 100 }
  const app = await createServer({ ...settings, limits, logger: pino({ level: 'silent' }) }, (server) => {
    server.get('/', (_req, reply) => {
      say(session, device, reply)
      return reply.send('')
    })
  })
  const answer = await app.inject({ url: '/', headers })
  await app.close()
  return [answer.headers['set-cookie'] ?? []].flat().map((line) => line.replace(/; (Path|HttpOnly).*/, ''))
}

t.test('of what one answer says of the session the last word counts, and other cookies stay', async (t) => {
  const cookies = await cookiesOf((session, device, reply) => {
    session.write(reply, token('a'), inAnHour, now)
    device.write(reply, token('d'))
    session.write(reply, token('b'), inAnHour, now)
  })
  t.strictSame(cookies, [
    `__Host-latchkey_device=${token('d')}; Max-Age=60`,
    `__Host-latchkey_session=${token('b')}; Max-Age=3600`,
  ])
  const erased = await cookiesOf((session, _device, reply) => {
    session.write(reply, token('a'), inAnHour, now)
    session.erase(reply)
  })
  t.strictSame(erased, ['__Host-latchkey_session=; Max-Age=0'])
})

t.test('cookies of other scopes are erased once, however often the session is written', async (t) => {
  const headers = { cookie: `__Secure-latchkey_session=x; __Secure-latchkey_session=y` }
  const write = (session: SessionCookie, _device: DeviceCookie, reply: FastifyReply) =>
    session.write(reply, token('a'), inAnHour, now)
  const once = await cookiesOf(write, 'example.com', headers)
  t.ok(once.length > 1)
  const twice = await cookiesOf(
    (...parts) => {
      write(...parts)
      write(...parts)
    },
    'example.com',
    headers,
  )
  t.strictSame(twice, once)
})
