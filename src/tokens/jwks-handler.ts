import type { FastifyInstance, FastifyReply } from 'fastify'
import type { KeyRing } from './key-ring.js'

/** Well below the time for which a new key is published before it signs. */
const keptSeconds = 300

/** Tells apps the public keys by which they verify access tokens: a JWK Set (RFC 7517, section 5). */
export class JwksHandler {
  readonly #keyRing: KeyRing

  constructor(keyRing: KeyRing) {
    this.#keyRing = keyRing
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/.well-known/jwks.json', (_req, reply) => this.#show(reply))
  }

  async #show(reply: FastifyReply): Promise<FastifyReply> {
    const keys = await this.#keyRing.published()
    return reply.header('cache-control', `public, max-age=${keptSeconds}`).send({ keys })
  }
}
