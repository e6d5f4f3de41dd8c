import { execFile } from 'node:child_process'
import { chownSync, closeSync, existsSync, fsyncSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedPostgresError } from './embedded-postgres-error.js'
import type { PostgresUser } from './postgres-user.js'

const unfinishedPrefix = 'postgres-unfinished-'
const abandonedAfterMs = 10 * 60_000

/** The one role of the embedded Postgres, its superuser. */
export const postgresRole = 'latchkey'

const initdbSettings = [
  `--username=${postgresRole}`,
  // Whoever reaches the private socket is trusted; nobody else reaches anything.
  '--auth=trust',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--locale=C',
  '--no-instructions',
]

/**
 * How Postgres is to be told of its data folder, given that this is its working directory. As another user it may not
 * pass the folders above; Linux lets it in through the directory it already stands in.
 */
export function dataFolderArgument(data: string, user: PostgresUser | null): string {
  return user && process.platform === 'linux' ? '/proc/self/cwd' : data
}

/**
 * Makes the data of a new Postgres unless there is some. Made aside and renamed: a killed initdb leaves no half, and of
 * two processes at once the later discards its own.
 * @param data the folder it goes to; the folder above must exist
 * @param options.durable false leaves out waiting for the disk
 * @throws EmbeddedPostgresError if the data is of another major version or cannot be made
 */
export async function ensureCluster(
  data: string,
  options: { initdb: string; major: string; user: PostgresUser | null; durable: boolean },
): Promise<void> {
  if (existsSync(data)) return checkVersion(data, options.major)
  const { user } = options
  removeAbandoned(dirname(data))
  const unfinished = mkdtempSync(join(dirname(data), unfinishedPrefix))
  try {
    if (user) chownSync(unfinished, user.uid, user.gid)
    const where = [
      '--pgdata',
      dataFolderArgument(unfinished, user),
      ...(options.durable ? [] : ['--no-sync']),
    ]
    const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    await promisify(execFile)(options.initdb, [...where, ...initdbSettings], {
      cwd: unfinished,
      env: environment,
      ...user,
    })
    if (!tryRename(unfinished, data)) return checkVersion(data, options.major)
    syncFolder(dirname(data))
  } catch (error) {
    if (!(error instanceof Error && 'stderr' in error)) throw error
    const reason = String(error.stderr).trim().split('\n').slice(-3).join('\n') || error.message
    throw new EmbeddedPostgresError(
      `Postgres could not make its data in ${data}: ${reason}\nMend this, or set DATABASE_URL to a Postgres 15 or later.`,
      { cause: error },
    )
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function checkVersion(data: string, major: string): void {
  const file = join(data, 'PG_VERSION')
  if (!existsSync(file)) {
    throw new EmbeddedPostgresError(
      `${data} holds something else than Postgres' data. Move it away, or set DATA_FOLDER to another folder.`,
    )
  }
  const found = readFileSync(file, 'utf8').trim()
  if (found === major) return
  throw new EmbeddedPostgresError(
    `The data in ${data} was made by Postgres ${found}, but Latchkey brings Postgres ${major}. ` +
      `Carry it over with pg_dump and a Postgres ${found}, or run that one yourself and set DATABASE_URL to it.`,
  )
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (existsSync(join(to, 'PG_VERSION'))) return false
    throw error
  }
}

function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(unfinishedPrefix))) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false })
    // A younger one may belong to a process that is still at it.
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs) {
      rmSync(join(folder, name), { recursive: true, force: true })
    }
  }
}

// initdb has synced what is inside; this makes its name last.
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
