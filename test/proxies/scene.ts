import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Test } from 'tap'
import { createTestDatabase } from '../database/test-database.js'
import { makeCertificate, startProxy, type Certificate, type ProxyKind } from '../doctor/proxy.js'
import { runService, type RunningService } from '../flows/running-service.js'
import { databaseUrl, quickHashing } from '../operator/run-command.js'
import { startEchoApp, type Received } from './echo-app.js'

export type Places = { port: number; latchkey: string; app: string; certificate: Certificate }
export type Answer = { status: number; headers: IncomingHttpHeaders; body: string }
export type Question = { method?: string; headers?: Record<string, string | string[]>; body?: string }
export type Scene = {
  service: RunningService
  settings: Record<string, string>
  received: Received[]
  ask: (host: string, path: string, question?: Question) => Promise<Answer>
}

/** Latchkey at login.example.com, an app at app.example.com, and a proxy as the README has it in front of both. */
export async function setScene(
  t: Test,
  kind: ProxyKind,
  port: number,
  configure: (t: Test, places: Places) => string,
): Promise<Scene> {
  const { connection } = await createTestDatabase(t)
  const settings = {
    DATABASE_URL: databaseUrl(connection),
    PUBLIC_URL: 'https://login.example.com',
    COOKIE_DOMAIN: 'example.com',
    TRUSTED_PROXIES: '127.0.0.1',
    ACCESS_RULES: 'app.example.com/admin : admins',
    ...quickHashing,
  }
  const [service, app] = await Promise.all([runService(t, settings), startEchoApp(t)])
  const latchkey = new URL(service.origin).host
  const config = configure(t, { port, latchkey, app: app.address, certificate: makeCertificate(t) })
  await startProxy(t, kind, port, config)
  return { service, settings, received: app.received, ask: (...words) => askProxy(port, ...words) }
}

/** Asks a proxy on loopback, as a program does that may send whatever it likes. */
export async function askProxy(
  port: number,
  host: string,
  path: string,
  question: Question = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body = '' } = question
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const request = httpsRequest({
    host: '127.0.0.1',
    port,
    servername: host,
    rejectUnauthorized: false,
    agent: false,
    path,
    method,
    headers: { host, ...length, ...headers },
  })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode ?? 0, headers: response.headers, body: text }
}
