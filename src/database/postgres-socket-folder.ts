import { chownSync, lstatSync, mkdtempSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { isOpenToAll } from './is-open-to-all.js'
import type { PostgresUser } from './postgres-user.js'

// A socket's path has room for 103 bytes on macOS, 107 on Linux; '/latchkey-XXXXXX/.s.PGSQL.5432.lock' takes 35.
const longest = 103 - 35

const prefix = 'latchkey-'

/**
 * Makes the private folder for Postgres' socket. Whoever can enter it is let in by Postgres without a password.
 * @param user as whom Postgres will run, null for the present user
 * @param previous the folder of a run that was killed: used again if it is still there and sound, so that processes
 *   which were connected through it find Postgres again
 * @returns the path of a folder with mode 0700
 */
export function makeSocketFolder(user: PostgresUser | null, previous: string | undefined): string {
  if (previous && isSound(previous, user)) return emptied(previous)
  const folder = mkdtempSync(join(suits(tmpdir(), user) ? realpathSync(tmpdir()) : '/tmp', prefix))
  if (user) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Removes the folder of a run whose Postgres has stopped and whose supervisor is dead. */
export function removeSocketFolder(user: PostgresUser | null, folder: string): void {
  if (isSound(folder, user)) rmdirSync(emptied(folder))
}

function suits(folder: string, user: PostgresUser | null): boolean {
  try {
    const real = realpathSync(folder)
    return Buffer.byteLength(real) <= longest && (!user || isOpenToAll(real))
  } catch {
    return false
  }
}

// Postgres would believe a lock file that names a process which is dead but not collected by its parent.
function emptied(folder: string): string {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true })
  return folder
}

function isSound(folder: string, user: PostgresUser | null): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found?.isDirectory() || !basename(folder).startsWith(prefix)) return false
  return found.uid === (user?.uid ?? process.geteuid?.()) && (found.mode & 0o777) === 0o700
}
