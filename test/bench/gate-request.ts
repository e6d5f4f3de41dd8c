/** The path at which Traefik, Caddy and HAProxy ask. */
export const gatePath = '/api/authz/forward-auth'

/** Settings of a service in front of one app, behind a proxy on this machine. */
export const gateSettings = {
  PUBLIC_URL: 'https://login.example.com',
  COOKIE_DOMAIN: 'example.com',
  TRUSTED_PROXIES: '127.0.0.1',
}

/** What a proxy sends when it asks whether the holder of this session may see a page of an app. */
export function gateHeaders(token: string): Record<string, string> {
  return {
    host: 'login.example.com',
    accept: 'text/html',
    cookie: `theme=dark; __Secure-latchkey_session=${token}`,
    'x-forwarded-method': 'GET',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'notes.example.com',
    'x-forwarded-uri': '/notes/42?view=all',
    'x-forwarded-for': '192.0.2.7',
  }
}

/** The bytes of that question. */
export function gateRequest(token: string): Buffer {
  const lines = Object.entries(gateHeaders(token)).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`GET ${gatePath} HTTP/1.1\r\n${lines.join('')}\r\n`)
}
