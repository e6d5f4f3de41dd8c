import type { Test } from 'tap'
import { findFreePort } from '../../src/programs/find-free-port.js'
import { createTestDatabase } from '../database/test-database.js'
import { runService, type RunningService } from '../flows/running-service.js'
import { databaseUrl, quickHashing, runCommand } from '../operator/run-command.js'
import { makeCertificate, missingPrograms, startProxy, type Certificate, type ProxyKind } from './proxy.js'

export type Found = { about: string; verdict: 'good' | 'doubtful' | 'bad'; text: string; remedy?: string }
export type Scene = {
  service: RunningService
  settings: Record<string, string>
  port: number
  certificate: Certificate
}

const identity = ['User', 'Name', 'Email', 'Groups']
/** The headers that nginx must set, and how. */
export const right = {
  Host: '$http_host',
  'X-Forwarded-Host': '$http_host',
  'X-Forwarded-Proto': '$scheme',
  'X-Forwarded-For': '$remote_addr',
  ...Object.fromEntries(identity.map((part) => [`Remote-${part}`, '""'])),
}

/** A service behind an https proxy at `localhost` that is still to be started. */
export async function setScene(t: Test, extra: Record<string, string> = {}): Promise<Scene> {
  const { connection } = await createTestDatabase(t)
  const [port, certificate] = [await findFreePort(), makeCertificate(t)]
  const settings = {
    DATABASE_URL: databaseUrl(connection),
    PUBLIC_URL: `https://localhost:${port}`,
    TRUSTED_PROXIES: '127.0.0.1',
    ...quickHashing,
    ...extra,
  }
  const service = await runService(t, settings)
  const servicePort = new URL(service.origin).port
  const own = { ...settings, PORT: servicePort, NODE_EXTRA_CA_CERTS: certificate.certificate }
  return { service, settings: own, port, certificate }
}

/** What the doctor finds. */
export async function examine({
  settings,
}: Scene): Promise<{ code: number | null; found: Found[]; wrong: Found[] }> {
  const { code, out, err } = await runCommand(['doctor', '--json'], settings)
  const found = JSON.parse(out || `"${err}"`) as Found[]
  return { code, found, wrong: found.filter(({ verdict }) => verdict !== 'good') }
}

/** Has the doctor look at a proxy, and stops it again. */
export async function examineBehind(t: Test, scene: Scene, kind: ProxyKind, config: string) {
  const stop = await startProxy(t, kind, scene.port, config)
  const result = await examine(scene)
  await stop()
  return result
}

export const nginxSkip = { skip: missingPrograms('nginx', 'openssl') }
export const caddySkip = { skip: missingPrograms('caddy', 'openssl') }
