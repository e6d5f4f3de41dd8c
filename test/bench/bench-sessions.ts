import { Client } from 'pg'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'

/** Opens sessions of one person with one expiry, so that all are answered the same bytes; returns their tokens. */
export async function openSessions(databaseUrl: string, count: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, createRandomToken)
  await insertSessions(databaseUrl, 'unnest($1::bytea[]) as hash', tokens.map(hashToken))
  return tokens
}

/** Adds sessions that nobody asks for. */
export async function addUnusedSessions(databaseUrl: string, count: number): Promise<void> {
  const hashes = 'generate_series(1, $1) as number, sha256(number::text::bytea) as hash'
  await insertSessions(databaseUrl, hashes, count)
}

async function insertSessions(databaseUrl: string, hashes: string, value: unknown): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at)
       select hash, account.id, now(), now(), date_trunc('day', now()) + interval '2 days'
       from (select id from accounts order by username limit 1) as account, ${hashes}`,
      [value],
    )
    await client.query('vacuum analyze sessions')
  } finally {
    await client.end()
  }
}
