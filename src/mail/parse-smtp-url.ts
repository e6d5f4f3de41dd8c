import type { SmtpServer } from './smtp-server.js'

const hostname = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])$/i
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/**
 * Reads the address of a mail server: `smtp://` for STARTTLS (port 587), `smtps://` for TLS from the start (port 465, RFC
 * 8314), both with `user:password@`, percent-encoded. `smtp://` takes `?requireTLS=true` or `false`; by default letters,
 * and the password, go unencrypted to this machine only.
 *
 * @returns null when it is none, or has a path or other options
 */
export function parseSmtpUrl(text: string): SmtpServer | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !hostname.test(url.hostname) || url.pathname.length > 1 || url.hash !== '') return null
  const login = readLogin(url)
  if (login === undefined) return null
  const server = { host: url.hostname.replace(/^\[|\]$/g, ''), login }

  if (url.protocol === 'smtps:')
    return url.search === '' ? { ...server, port: Number(url.port || 465), encryption: 'fromTheStart' } : null
  if (url.protocol !== 'smtp:') return null
  const isRequired = readRequireTls(url, !loopback.test(url.hostname))
  if (isRequired === undefined) return null
  return { ...server, port: Number(url.port || 587), encryption: isRequired ? 'required' : 'whenOffered' }
}

/** @returns undefined when it is not percent-encoded well, or only half there */
function readLogin({ username, password }: URL): SmtpServer['login'] | undefined {
  if (username === '' && password === '') return null
  if (username === '' || password === '') return undefined
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) }
  } catch {
    return undefined
  }
}

function readRequireTls({ search }: URL, fallback: boolean): boolean | undefined {
  switch (search) {
    case '':
      return fallback
    case '?requireTLS=true':
      return true
    case '?requireTLS=false':
      return false
    default:
      return undefined
  }
}
