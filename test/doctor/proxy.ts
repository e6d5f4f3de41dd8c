import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { makeFolder } from '../make-folder.js'
import { until } from '../database/until.js'

export type ProxyKind = 'nginx' | 'caddy' | 'haproxy'

/** A certificate for `localhost`, made by openssl. */
export type Certificate = { certificate: string; key: string }

const programs = {
  nginx: ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'],
  caddy: ['/usr/bin/caddy', '/usr/local/bin/caddy', '/opt/homebrew/bin/caddy'],
  haproxy: ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy', '/opt/homebrew/bin/haproxy'],
  openssl: ['/usr/bin/openssl', '/usr/local/bin/openssl', '/opt/homebrew/bin/openssl'],
}

/** What is missing for these tests, as the reason to skip them; false when all is there. */
export function missingPrograms(...names: (keyof typeof programs)[]): string | false {
  const missing = names.filter((name) => findProgram(name) === undefined)
  return missing.length > 0 && `install these to run it: apt-get install ${missing.join(' ')}`
}

export function makeCertificate(t: Test): Certificate {
  const folder = makeFolder(t)
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const what = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key]
  const openssl = findProgram('openssl') ?? ''
  execFileSync(openssl, ['req', '-x509', ...how, '-out', certificate, ...what], { stdio: 'ignore' })
  return { certificate, key }
}

/**
 * Starts a proxy that nobody else uses.
 *
 * @param config `nginx.conf`, a Caddyfile, or `haproxy.cfg`
 * @returns stops it
 */
export async function startProxy(
  t: Test,
  kind: ProxyKind,
  port: number,
  config: string,
): Promise<() => Promise<void>> {
  const folder = makeFolder(t)
  const file = join(folder, 'config')
  writeFileSync(file, config)
  const words = {
    nginx: ['-p', folder, '-c', file, '-e', 'stderr'],
    caddy: ['run', '--config', file, '--adapter', 'caddyfile'],
    haproxy: ['-db', '-f', file],
  }
  const child = spawn(findProgram(kind) ?? '', words[kind], {
    env: { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const exited = once(child, 'exit')
  await until(() => {
    if (child.exitCode !== null) throw new Error(`${kind} did not start: ${output}`)
    return isListening(port)
  })
  const stop = async () => {
    child.kill('SIGKILL')
    await exited
  }
  t.teardown(stop)
  return stop
}

/** A server block for TLS at `localhost`, around the lines that lead to the service. */
export function nginxConfig(port: number, { certificate, key }: Certificate, location: string): string {
  return aroundNginxBlock(`
    server {
      listen 127.0.0.1:${port} ssl;
      server_name localhost;
      ssl_certificate ${certificate};
      ssl_certificate_key ${key};
      ${location}
    }`)
}

/** Around `block` what Debian's nginx.conf has. */
export function aroundNginxBlock(block: string): string {
  return `
    daemon off; master_process off; pid nginx.pid; error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
      ${block}
    }`
}

/** A Caddyfile with one site, given as a Caddyfile has it: address and braces. */
export function caddyConfig({ certificate, key }: Certificate, site: string): string {
  const withCertificate = site.replace('{\n', `{\n    bind 127.0.0.1\n    tls ${certificate} ${key}\n`)
  return `{\n    admin off\n    auto_https off\n}\n${withCertificate}\n`
}

/** A frontend for TLS with the lines that lead to the service, and the backend they end with. */
export function haproxyConfig(
  t: Test,
  { port, certificate: { certificate, key } }: { port: number; certificate: Certificate },
  lines: string,
): string {
  const pem = join(makeFolder(t), 'localhost.pem')
  writeFileSync(pem, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'))
  const defaults = 'mode http\n timeout connect 5s\n timeout client 60s\n timeout server 60s'
  return `defaults\n ${defaults}\n\nfrontend https\n bind 127.0.0.1:${port} ssl crt ${pem}\n${lines}\n`
}

function findProgram(name: keyof typeof programs): string | undefined {
  return programs[name].find((path) => existsSync(path))
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isOpen = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return isOpen
}
