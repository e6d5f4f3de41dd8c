import { isIP } from 'node:net'
import type { Environment } from './environment.js'

/** Reads where the service is reached, through whom, and how patient it is; complaints go to `environment`. */
export function readServerSettings(environment: Environment) {
  return {
    publicOrigin: readPublicOrigin(environment),
    host: environment.text('HOST') ?? '127.0.0.1',
    port: environment.integer('PORT', { fallback: 3000, min: 0, max: 65535 }),
    trustedProxies: readTrustedProxies(environment),
    limits: {
      requestSeconds: environment.integer('REQUEST_TIMEOUT_SECONDS', { fallback: 10, min: 1, max: 300 }),
      keepAliveSeconds: environment.integer('KEEP_ALIVE_TIMEOUT_SECONDS', { fallback: 65, min: 1, max: 600 }),
      connections: environment.integer('CONNECTION_LIMIT', { fallback: 2000, min: 10, max: 1_000_000 }),
      shutdownSeconds: environment.integer('SHUTDOWN_TIMEOUT_SECONDS', { fallback: 8, min: 1, max: 300 }),
    },
  }
}

function readPublicOrigin(environment: Environment): string | null {
  const text = environment.text('PUBLIC_URL')
  if (text === null) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && ['https:', 'http:'].includes(url.protocol) && url.href === `${url.origin}/`) {
    return url.origin
  }
  environment.report(
    `PUBLIC_URL must be the address people open, without a path, such as https://login.example.com, not "${text}".`,
  )
  return null
}

function readTrustedProxies(environment: Environment): string[] {
  return environment.list('TRUSTED_PROXIES').filter((entry) => {
    if (isAddressOrNetwork(entry)) return true
    environment.report(
      `TRUSTED_PROXIES takes addresses and networks such as 10.0.0.2 or 10.0.0.0/8, not "${entry}".`,
    )
    return false
  })
}

function isAddressOrNetwork(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  // A prefix of 0 would trust every stranger.
  return (
    prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix >= 1 && +prefix <= (family === 4 ? 32 : 128))
  )
}
