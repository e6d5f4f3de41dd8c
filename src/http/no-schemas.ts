import type { FastifyServerOptions } from 'fastify'

/**
 * Tells Fastify that no route has a schema: rooms read their requests themselves. Its own compilers, loaded whether
 * needed or not, are a third of all modules: 30 of 240 ms of processor time at a start, and 3 to 4 MB.
 */
export const noSchemas: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: () => refuseSchema, buildSerializer: () => refuseSchema },
}

function refuseSchema(): never {
  throw new Error('a route has a schema, but schemas are switched off')
}
