import type { FastifyInstance, HTTPMethods } from 'fastify'
import { HttpProblem } from './http-problem.js'

const knownMethods: readonly HTTPMethods[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
]

/**
 * Has every path that exists answer 405 with `Allow` to the methods it does not take; Fastify alone would say 404.
 *
 * @param addRoutes adds all routes of the service to the same `app`
 */
export async function withMethodCheck(app: FastifyInstance, addRoutes: () => void): Promise<void> {
  const methodsOf = new Map<string, Set<string>>()
  let isListening = true
  app.addHook('onRoute', (route) => {
    if (!isListening) return
    const methods = methodsOf.get(route.url) ?? new Set()
    methodsOf.set(route.url, new Set([...methods, ...[route.method].flat()]))
  })
  addRoutes()
  // Rooms with parsers of their own add their routes in a scope, which Fastify opens only now.
  await app.after()
  isListening = false

  for (const [url, methods] of methodsOf) {
    const allow = [...methods].toSorted().join(', ')
    app.route({
      url,
      method: knownMethods.filter((method) => !methods.has(method)),
      // Before the body is looked at, whose format would otherwise be refused first.
      onRequest: (_request, reply, done) => {
        reply.header('allow', allow)
        done(new HttpProblem(405, 'methodNotAllowed'))
      },
      handler: () => undefined,
    })
  }
}
