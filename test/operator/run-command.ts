import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { DatabaseConnection } from '../../src/database/database.js'
import { projectFolder } from '../../src/project-folder.js'

export type CommandResult = { code: number | null; out: string; err: string }

/** The program as npm and the image run it. */
export const program = join(projectFolder, 'src', 'latchkey.js')

/** Settings that keep hashing quick. */
export const quickHashing = { PASSWORD_HASH_MEMORY_KIB: '7168', PASSWORD_HASH_ITERATIONS: '1' }

/**
 * Runs `latchkey` as an operator does, in a process of its own.
 *
 * @param settings environment variables; none of the surrounding ones reach it but PATH
 * @param input what is on its standard input
 */
export async function runCommand(
  words: readonly string[],
  settings: Record<string, string> = {},
  input: string | Buffer = '',
): Promise<CommandResult> {
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  // A command that reads nothing may have gone before all is written.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

/** The DATABASE_URL of a test database. */
export function databaseUrl(connection: DatabaseConnection): string {
  if ('connectionString' in connection) return connection.connectionString
  const { host, port, user, database } = connection
  return `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
}
