import type { Examination } from './examination.js'
import type { Finding } from './finding.js'

const about = 'Cookie'

/** Whether the session cookie reaches the apps that people are sent to. */
export function judgeCookie({ url, plain }: Pick<Examination, 'url' | 'plain'>): Finding {
  const { cookieDomain, allowedOrigins } = plain.settings
  const hosts = [...new Set(allowedOrigins.map(hostOf))].filter((host) => host !== url.hostname)
  if (cookieDomain === null) return judgeWithout(url.hostname, hosts)
  if (!isUnder(url.hostname, cookieDomain)) {
    const text = `COOKIE_DOMAIN=${cookieDomain} does not cover ${url.hostname}: browsers refuse the cookie, and nobody can sign in.`
    return {
      about,
      verdict: 'bad',
      text,
      remedy: `Set it to a domain above ${url.hostname}, or leave it out.`,
    }
  }
  const outside = hosts.filter((host) => !isUnder(host, cookieDomain))
  if (outside.length === 0) {
    return { about, verdict: 'good', text: `The session is shared by everything under ${cookieDomain}.` }
  }
  return {
    about,
    verdict: 'doubtful',
    text: `The session is shared under ${cookieDomain}, which leaves out ${outside.join(', ')}.`,
    remedy: 'People are sent there after signing in, but the app cannot tell who they are.',
  }
}

function judgeWithout(own: string, hosts: readonly string[]): Finding {
  if (hosts.length === 0) return { about, verdict: 'good', text: `The session belongs to ${own} alone.` }
  const parent = commonParent([own, ...hosts])
  return {
    about,
    verdict: 'doubtful',
    text: `The session belongs to ${own} alone; browsers do not show it to ${hosts.join(', ')}.`,
    remedy:
      parent === null
        ? 'They share no parent domain with it, so no cookie can reach them.'
        : `If the proxy is to ask who is signed in there, set COOKIE_DOMAIN=${parent}.`,
  }
}

/** Of `https://*.example.com:*` what lies below the star; `URL` would not take such a port. */
function hostOf(origin: string): string {
  return /^https?:\/\/(?:\*\.)?(\[[^\]]+\]|[^:]+)/.exec(origin)?.[1] ?? origin
}

function isUnder(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}

/** The longest domain of at least two labels that covers all. Whether it is open to the public, the setting checks. */
function commonParent(hosts: readonly string[]): string | null {
  const labels = (hosts[0] ?? '').split('.')
  const candidates = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
  if (candidates.length === 0 || hosts.some((host) => /^[\d.]+$|:/.test(host))) return null
  return candidates.find((domain) => hosts.every((host) => isUnder(host, domain))) ?? null
}
