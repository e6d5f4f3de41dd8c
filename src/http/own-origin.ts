import type { FastifyRequest } from 'fastify'
import { HttpProblem } from './http-problem.js'

// Nearly all requests name the host that the one before has named, and taking a URL apart costs as much as a template.
let latest = { text: '', origin: '' }

/**
 * The origin at which this browser reaches Latchkey: `PUBLIC_URL` when it is set, otherwise what the request says
 * (its `Host`, or `X-Forwarded-*` when a trusted proxy sent it).
 *
 * @throws HttpProblem 400 when the request names no usable host
 */
export function ownOrigin(request: FastifyRequest, publicOrigin: string | null): string {
  if (publicOrigin !== null) return publicOrigin
  const text = `${scheme(request)}://${request.host}`
  if (text !== latest.text) latest = { text, origin: parseOrigin(text) }
  return latest.origin
}

/** Whether this browser speaks https to us or to the proxy in front. */
export function isHttps(request: Pick<FastifyRequest, 'protocol'>, publicOrigin: string | null): boolean {
  return publicOrigin === null ? scheme(request) === 'https' : publicOrigin.startsWith('https:')
}

function scheme(request: Pick<FastifyRequest, 'protocol'>): 'http' | 'https' {
  return request.protocol === 'https' ? 'https' : 'http'
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  // Only a bare host survives: `Host: a@b` or `Host: a/b` would make another address of it.
  if (url === null || url.href !== `${url.origin}/`) throw new HttpProblem(400, 'invalidHost')
  return url.origin
}
