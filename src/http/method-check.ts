import type { FastifyInstance } from 'fastify'
import { HttpProblem } from './http-problem.js'
import { PathMethods } from './path-methods.js'

/**
 * Has every path that exists answer 405 with `Allow` to the methods it does not take (RFC 9110, section 15.5.6); Fastify
 * alone would say 404. To be called before any route is added.
 */
export function answerOtherMethods(app: FastifyInstance): void {
  const pathMethods = new PathMethods()
  app.addHook('onRoute', ({ url, method }) => pathMethods.add(url, [method].flat()))
  // Before the body is looked at, whose format would otherwise be refused first.
  app.addHook('onRequest', (request, reply, done) => {
    const methods = request.is404 ? pathMethods.find(request.url) : []
    if (methods.length === 0) return done()
    reply.header('allow', methods.join(', '))
    done(new HttpProblem(405, 'methodNotAllowed'))
  })
}
