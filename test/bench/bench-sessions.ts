import { Client } from 'pg'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { mostPerAccount } from '../../src/sessions/session-store.js'

/**
 * Opens sessions of one person, who signs in at no other time, with one expiry, so that all are answered the same bytes.
 *
 * @param count at most `mostPerAccount`
 * @returns their tokens
 */
export async function openSessions(databaseUrl: string, count: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, createRandomToken)
  await insertSessions(databaseUrl, 'visitor', 'unnest($1::bytea[]) as hash', tokens.map(hashToken))
  return tokens
}

/** Adds sessions that nobody asks for, of as many people as it takes: of more than one may have, a sign-in ends the rest. */
export async function addUnusedSessions(databaseUrl: string, count: number): Promise<void> {
  const hashes = 'generate_series(1, $1) as number, sha256(number::text::bytea) as hash'
  await insertSessions(databaseUrl, 'absent', hashes, count)
}

async function insertSessions(
  databaseUrl: string,
  namePrefix: string,
  hashes: string,
  value: unknown,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `with hashes as (
         select hash, (row_number() over () - 1) / $2 as owner
         from ${hashes}
       ), owners as (
         insert into accounts (username, canonical_username, password_hash, created_at)
         select $3 || owner, $3 || owner, 'none', now()
         from hashes
         group by owner
         returning id, username
       )
       insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at)
       select hash, owners.id, now(), now(), date_trunc('day', now()) + interval '2 days'
       from hashes
       join owners on owners.username = $3 || owner`,
      [value, mostPerAccount, namePrefix],
    )
    await client.query('vacuum analyze sessions')
  } finally {
    await client.end()
  }
}
