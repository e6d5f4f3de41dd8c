import type { FastifyInstance } from 'fastify'

/**
 * `GET /healthz` says that the process is alive, `GET /readyz` that it can do its work. They look at different things:
 * restarting a process because its database is away helps nobody.
 */
export class HealthHandler {
  readonly #isReady: () => Promise<boolean>

  constructor(isReady: () => Promise<boolean>) {
    this.#isReady = isReady
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/healthz', () => ({ status: 'alive' }))
    app.get('/readyz', async (_request, reply) => {
      const isReady = await this.#isReady().catch(() => false)
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' })
    })
  }
}
