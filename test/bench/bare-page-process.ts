// A process of its own: Fastify with one route that answers what it is told to, and nothing else.
import { fastify } from 'fastify'

/** What the bare route answers with, and how long it keeps a connection; all as Latchkey does. */
export type BarePage = {
  path: string
  headers: Record<string, string>
  body: string
  keepAliveSeconds: number
}

process.on('disconnect', () => process.exit())
process.once('message', async ({ path, headers, body, keepAliveSeconds }: BarePage) => {
  const app = fastify({ keepAliveTimeout: keepAliveSeconds * 1000 })
  app.get(path.replace(/\?.*/, ''), (_request, reply) => reply.headers(headers).send(body || undefined))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  process.send?.(Number(new URL(address).port))
})
