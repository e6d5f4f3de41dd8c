import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { openEmbeddedPostgres } from '../../src/database/embedded-postgres.js'
import { atEnd } from './cleanup.js'

/**
 * Makes an empty database for this run: on the server of DATABASE_URL (whose role must be allowed to create one), or on
 * an embedded Postgres in a temporary folder. It is gone when the bench ends. Its settings are those of real use:
 * every sign-in waits for the disk.
 *
 * @returns its URL
 */
export async function openBenchDatabase(): Promise<string> {
  const given = process.env['DATABASE_URL']
  return given ? createDatabase(given) : openTemporaryPostgres()
}

async function openTemporaryPostgres(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const { connection, close } = await openEmbeddedPostgres(folder)
  atEnd(close)
  const { user, host, port, database } = connection
  return `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`
}

async function createDatabase(server: string): Promise<string> {
  const name = `latchkey_bench_${process.pid}_${Date.now()}`
  await administer(server, `create database ${name}`)
  atEnd(() => administer(server, `drop database if exists ${name} with (force)`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function administer(connectionString: string, statement: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
