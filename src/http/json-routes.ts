import type { FastifyInstance } from 'fastify'
import { parseJsonBody } from './parse-json-body.js'

type AddRoutes = (scope: FastifyInstance) => void

/** One scope for all rooms of a server: each of its own would take a start a millisecond. */
const scopes = new WeakMap<FastifyInstance, AddRoutes[]>()

/**
 * Adds routes that take JSON bodies and nothing else, in a scope of their own: all other routes go on taking forms only.
 * A request without any body is let through; its handler finds no fields. To be called before the server is ready.
 */
export function withJsonBodies(app: FastifyInstance, addRoutes: AddRoutes): void {
  const known = scopes.get(app)
  if (known) {
    known.push(addRoutes)
    return
  }
  const all = [addRoutes]
  scopes.set(app, all)
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    const buffer = { parseAs: 'buffer' } as const
    scope.addContentTypeParser<Buffer>('application/json', buffer, (_req, bytes, parsed) =>
      parsed(null, bytes.length === 0 ? undefined : parseJsonBody(bytes)),
    )
    for (const add of all) add(scope)
    done()
  })
}
