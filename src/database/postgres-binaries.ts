import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.js'
import { isOpenToAll } from './is-open-to-all.js'
import type { PostgresPackage } from './postgres-package.js'
import type { PostgresUser } from './postgres-user.js'

/** The programs of an embedded Postgres that is ready to run. */
export type PostgresBinaries = { initdb: string; postgres: string }

type Link = { source: string; target: string }

const rootsCopies = '/var/lib/latchkey'

/**
 * Makes the Postgres of a package runnable without touching the package. Its libraries lack the links by which they
 * find each other until an install script has run, and Postgres looks for them beside its own real path: without
 * that script, or where `user` may not reach the package, a complete copy is made once and kept.
 * @param folder the data folder, home of the copy (for root: /var/lib/latchkey)
 * @param user as whom Postgres will run, null for the present user
 * @throws EmbeddedPostgresError if a copy for root is there but others could have tampered with it
 */
export function postgresBinaries(
  { native, version }: PostgresPackage,
  folder: string,
  user: PostgresUser | null,
): PostgresBinaries {
  const links: Link[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  if (isLinked(native, links) && (!user || isReachable(native))) return programs(native)

  const home = user ? rootsCopies : folder
  const copy = join(home, `postgres-${version}`)
  if (user) {
    // The umask may have closed what was made just now.
    if (mkdirSync(home, { recursive: true })) chmodSync(home, 0o755)
    requireRootsOwn(home)
  }
  if (!existsSync(copy)) makeCopy(native, links, copy, user !== null)
  if (user) requireRootsOwn(copy)
  return programs(copy)
}

function programs(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') }
}

function isLinked(native: string, links: Link[]): boolean {
  return links.every(({ target }) => existsSync(join(native, '..', target)))
}

function isReachable(native: string): boolean {
  const mode = statSync(join(native, 'bin/postgres')).mode
  return (mode & 0o005) === 0o005 && isOpenToAll(join(native, 'bin'))
}

function makeCopy(native: string, links: Link[], copy: string, forOthers: boolean): void {
  const unfinished = `${copy}.${randomBytes(6).toString('hex')}`
  try {
    copyTree(native, unfinished, forOthers)
    for (const { source, target } of links) {
      symlinkSync(basename(source), join(unfinished, 'lib', basename(target)))
    }
    renameSync(unfinished, copy)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // Another process finished the same copy first.
    if (!existsSync(copy)) throw error
  }
}

function copyTree(from: string, to: string, forOthers: boolean): void {
  mkdirSync(to)
  if (forOthers) chmodSync(to, 0o755)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyTree(source, target, forOthers)
    else if (entry.isFile() && !entry.name.endsWith('.a')) copyFile(source, target, forOthers)
  }
}

function copyFile(source: string, target: string, forOthers: boolean): void {
  if (forOthers) {
    copyFileSync(source, target, constants.COPYFILE_FICLONE)
    chmodSync(target, statSync(source).mode & 0o100 ? 0o755 : 0o644)
    return
  }
  try {
    // A second name for the same file costs neither time nor space.
    linkSync(source, target)
  } catch {
    copyFileSync(source, target, constants.COPYFILE_FICLONE)
  }
}

function requireRootsOwn(folder: string): void {
  const { uid, mode } = lstatSync(folder)
  if (lstatSync(folder).isDirectory() && uid === 0 && (mode & 0o022) === 0) return
  throw new EmbeddedPostgresError(
    `${folder} must be a folder that belongs to root and that nobody else can write. Remove it and start again.`,
  )
}
