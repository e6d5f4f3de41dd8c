import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.js'
import { explainFolderError } from './explain-folder-error.js'
import { postgresBinaries } from './postgres-binaries.js'
import { dataFolderArgument, ensureCluster, postgresRole } from './postgres-cluster.js'
import { PostgresHold } from './postgres-hold.js'
import { openPostgresLog, type PostgresLog } from './postgres-log.js'
import { findPostgresPackage, type Platform } from './postgres-package.js'
import { makeSocketFolder, removeSocketFolder } from './postgres-socket-folder.js'
import { startSupervisor } from './postgres-supervisor.js'
import { postgresUser, type PostgresUser } from './postgres-user.js'
import {
  isPostmasterRunning,
  postmasterMark,
  readPostmaster,
  stopPostmaster,
  waitUntilGone,
} from './postmaster.js'

// Only part of the socket's name: no network port is opened.
const port = 5432
const startPatienceMs = 60_000
const closePatienceMs = 5_000
const pollMs = 10

/** How `pg` reaches the embedded Postgres; `host` is the folder of its Unix socket. */
export type EmbeddedPostgresConnection = {
  host: string
  port: number
  user: string
  database: string
  ssl: false
}

/** A running embedded Postgres that this process holds on to. */
export type EmbeddedPostgres = {
  connection: EmbeddedPostgresConnection
  /**
   * Lets go. Postgres stops when nobody holds on to it any more; if that is now, its end is awaited, at most
   * 5 seconds. Idempotent.
   */
  close: () => Promise<void>
}

/** `settings` are Postgres' own, as `name=value`; `platform` is another than this machine's, for tests. */
export type EmbeddedPostgresOptions = { settings?: string[]; platform?: Platform }

type Plan = { data: string; logFile: string; postgres: string; user: PostgresUser | null; settings: string[] }

/**
 * Opens the Postgres that Latchkey brings along, or joins the one that another process has opened on the same folder.
 * The first time it makes the data. Postgres stays as long as any process holds on to it and is restarted if it dies.
 * @param folder the data folder: data go to `postgres` in it, the log to `postgres.log`
 * @param options the settings count only for the process that starts Postgres
 * @throws EmbeddedPostgresError if it cannot be had, in words for the operator
 */
export async function openEmbeddedPostgres(
  folder: string,
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  try {
    const plan = await prepare(folder, options)
    const deadline = Date.now() + startPatienceMs
    while (Date.now() < deadline) {
      const hold = await PostgresHold.join(plan.data)
      const opened =
        typeof hold === 'string'
          ? await startOwn(plan, deadline, hold === 'abandoned')
          : await awaitOthers(plan, deadline, hold)
      if (opened) return opened
    }
    throw new EmbeddedPostgresError(`Postgres was not ready within a minute. Its log is ${plan.logFile}.`)
  } catch (error) {
    throw explainFolderError(folder, error)
  }
}

async function prepare(folder: string, options: EmbeddedPostgresOptions): Promise<Plan> {
  const settings = options.settings ?? []
  const found = findPostgresPackage(options.platform)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const home = realpathSync(folder)
  const data = join(home, 'postgres')
  const user = postgresUser(data)
  const { initdb, postgres } = postgresBinaries(found, home, user)
  await ensureCluster(data, { initdb, major: found.major, user, durable: !settings.includes('fsync=off') })
  return { data, logFile: join(home, 'postgres.log'), postgres, user, settings }
}

// Null if those who were starting it gave up.
async function awaitOthers(
  plan: Plan,
  deadline: number,
  hold: PostgresHold,
): Promise<EmbeddedPostgres | null> {
  while (hold.isWatched() && Date.now() < deadline) {
    const opened = openedIfReady(plan, hold)
    if (opened) return opened
    await pause(pollMs)
  }
  hold.release()
  return null
}

// Null if another process was quicker to claim it.
async function startOwn(
  plan: Plan,
  deadline: number,
  wasAbandoned: boolean,
): Promise<EmbeddedPostgres | null> {
  const claim = PostgresHold.claim(plan.data)
  if (!claim) return null
  try {
    // What is left of an earlier one ends first; the folder of its socket serves again if others may still look there.
    const previous = wasAbandoned ? readPostmaster(plan.data)?.socketFolder : undefined
    await stopPostmaster(plan.data)
    return await launch(plan, deadline, { ...claim, socketFolder: makeSocketFolder(plan.user, previous) })
  } catch (error) {
    claim.hold.release()
    throw error
  } finally {
    closeSync(claim.readingEnd)
  }
}

async function launch(
  plan: Plan,
  deadline: number,
  { hold, readingEnd, socketFolder }: { hold: PostgresHold; readingEnd: number; socketFolder: string },
): Promise<EmbeddedPostgres> {
  const log = openPostgresLog(plan.logFile)
  try {
    const supervisor = startSupervisor({
      run: randomBytes(6).toString('hex'),
      command: postgresCommand(plan, socketFolder),
      data: plan.data,
      socketFolder,
      user: plan.user,
      readingEnd,
      log: log.fd,
    })
    while (Date.now() < deadline && !supervisor.hasFailed()) {
      const opened = openedIfReady(plan, hold)
      if (opened) return opened
      await pause(pollMs)
    }
    throw notStarted(plan, log)
  } finally {
    log.close()
  }
}

function postgresCommand({ data, postgres, user, settings }: Plan, socketFolder: string): string[] {
  const all = [
    `unix_socket_directories=${socketFolder}`,
    'unix_socket_permissions=0700',
    'listen_addresses=',
    `port=${port}`,
    // Errors of statements are Latchkey's to log; Postgres would print the names and addresses in them.
    'log_min_messages=log',
    'log_checkpoints=off',
    postmasterMark(data),
    ...settings,
  ]
  return [postgres, '-D', dataFolderArgument(data, user), ...all.flatMap((setting) => ['-c', setting])]
}

function openedIfReady({ data, user }: Plan, hold: PostgresHold): EmbeddedPostgres | null {
  const postmaster = readPostmaster(data)
  if (!postmaster?.isReady || !isPostmasterRunning(data)) return null
  return {
    connection: { host: postmaster.socketFolder, port, user: postgresRole, database: 'postgres', ssl: false },
    close: () => close(data, user, hold),
  }
}

async function close(data: string, user: PostgresUser | null, hold: PostgresHold): Promise<void> {
  const postmaster = readPostmaster(data)
  const left = hold.release()
  if (!postmaster) return
  if (left === 'nobody') await waitUntilGone(postmaster.pid, data, closePatienceMs)
  if (left !== 'nobody, unnoticed') return
  await stopPostmaster(data)
  removeSocketFolder(user, postmaster.socketFolder)
}

function notStarted({ logFile }: Plan, log: PostgresLog): EmbeddedPostgresError {
  const said = log.lastLines(5)
  return new EmbeddedPostgresError(
    `Postgres did not start. Mend what it says below, or set DATABASE_URL to a Postgres 15 or later. ` +
      `Its log is ${logFile}.\n${said}`,
  )
}
