// A process of its own: Fastify with one route that asks the database at each request, and nothing else.
import { fastify } from 'fastify'
import { Pool } from 'pg'
import { hashToken } from '../../src/secrets/hash-token.js'
import type { BarePage } from './bare-page-process.js'

export type SelectPage = BarePage & { databaseUrl: string }

const cookie = /latchkey_session=([\w-]{43})/

process.on('disconnect', () => process.exit())
process.once('message', async ({ path, headers, body, keepAliveSeconds, databaseUrl }: SelectPage) => {
  const pool = new Pool({ connectionString: databaseUrl })
  const app = fastify({ keepAliveTimeout: keepAliveSeconds * 1000 })
  app.get(path, async (request, reply) => {
    const token = cookie.exec(request.headers.cookie ?? '')?.[1] ?? ''
    const { rows } = await pool.query({
      name: 'find session',
      text: `
        select sessions.id, account_id, username, email, groups, expires_at, last_used_at
        from sessions
        join accounts on accounts.id = account_id
        where token_hash = $1`,
      values: [hashToken(token)],
    })
    return rows.length === 1 ? reply.headers(headers).send(body || undefined) : reply.code(401).send()
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  process.send?.(Number(new URL(address).port))
})
