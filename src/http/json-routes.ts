import type { FastifyInstance } from 'fastify'
import { parseJsonBody } from './parse-json-body.js'

/**
 * Adds routes that take JSON bodies and nothing else, in a scope of their own: all other routes go on taking forms only.
 * A request without any body is let through; its handler finds no fields.
 */
export function withJsonBodies(app: FastifyInstance, addRoutes: (scope: FastifyInstance) => void): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    const buffer = { parseAs: 'buffer' } as const
    scope.addContentTypeParser<Buffer>('application/json', buffer, (_req, bytes, parsed) =>
      parsed(null, bytes.length === 0 ? undefined : parseJsonBody(bytes)),
    )
    addRoutes(scope)
    done()
  })
}
