import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { projectFolder } from '../project-folder.js'

/** Serves the description of everything below `/api/`, an OpenAPI document that is written by hand and held to by tests. */
export class OpenApiHandler {
  readonly #document = readFileSync(join(projectFolder, 'views/api/openapi.json'))

  addRoutes(app: FastifyInstance): void {
    app.get('/api/openapi.json', (_req, reply) =>
      reply.header('content-type', 'application/json; charset=utf-8').send(this.#document),
    )
  }
}
