import { readFileSync, statSync } from 'node:fs'
import { EmbeddedPostgresError } from './embedded-postgres-error.js'

/** A user and group of the system, by number. */
export type PostgresUser = { uid: number; gid: number }

/**
 * Says as whom Postgres is to run. It refuses to run as root, so root lends it another user: the owner of the data
 * if there is data, else `postgres`, else `nobody`.
 * @param data the folder with Postgres' data, which need not exist yet
 * @returns null when it simply runs as the present user
 * @throws EmbeddedPostgresError if the data belongs to somebody who cannot be chosen
 */
export function postgresUser(data: string): PostgresUser | null {
  const owner = statSync(data, { throwIfNoEntry: false })
  const self = process.geteuid?.()
  if (self !== 0) {
    if (owner && owner.uid !== self) {
      throw new EmbeddedPostgresError(
        `The data in ${data} belongs to another user (number ${owner.uid}). ` +
          'Run Latchkey as that user or as root, or set DATA_FOLDER to another folder.',
      )
    }
    return null
  }
  if (!owner) return passwdEntry('postgres') ?? passwdEntry('nobody') ?? { uid: 65534, gid: 65534 }
  if (owner.uid === 0) {
    throw new EmbeddedPostgresError(
      `The data in ${data} belongs to root, and Postgres refuses to run as root. ` +
        'Give it to another user (chown -R) and start Latchkey again.',
    )
  }
  return { uid: owner.uid, gid: owner.gid }
}

function passwdEntry(name: string): PostgresUser | undefined {
  const line = readPasswd().find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return Number(uid) > 0 ? { uid: Number(uid), gid: Number(gid) } : undefined
}

function readPasswd(): string[] {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n')
  } catch {
    return []
  }
}
