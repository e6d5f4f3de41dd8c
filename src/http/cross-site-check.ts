import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from './http-problem.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route changes nothing by any method, so requests from other sites do no harm there. */
    changesNothing?: boolean
  }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses requests that change something and come from another site, login included, by what the browser itself
 * says of their origin. No token is put into forms, so no page goes stale. The order of the checks follows
 * OWASP's cheat sheet on cross-site request forgery ("Fetch Metadata", "Verifying Origin").
 */
export function refuseCrossSitePosts(app: FastifyInstance, publicOrigin: string | null): void {
  const publicHost = publicOrigin === null ? null : new URL(publicOrigin).host
  app.addHook('onRequest', (request, _reply, done) => {
    const isHarmless = safeMethods.has(request.method) || request.routeOptions.config.changesNothing === true
    const isRefused = !isHarmless && !comesFromLatchkey(request, publicHost)
    done(isRefused ? new HttpProblem(403, 'crossSite') : undefined)
  })
}

function comesFromLatchkey(request: FastifyRequest, publicHost: string | null): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin } = request.headers
  // Neither header: not a browser of this decade, so there is no cookie of somebody else to ride on.
  if (origin === undefined) return true
  // Hosts are compared, not schemes: behind a proxy that is not listed as trusted the scheme is unknown.
  const host = URL.canParse(origin) ? new URL(origin).host : null
  return host !== null && host !== '' && (host === publicHost || host === request.host)
}
