import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.js'

/** What Postgres' main process says of itself in `postmaster.pid`. */
export type Postmaster = { pid: number; socketFolder: string; isReady: boolean }

const politeStopMs = 10_000
const forcedStopMs = 5_000

/**
 * The argument by which a Postgres is known to be the one of a data folder, also when its process number has
 * been given to another program meanwhile.
 */
export function postmasterMark(data: string): string {
  return `latchkey.data=${data}`
}

/** Reads `postmaster.pid`, which may be stale; null if there is none or it is not fully written. */
export function readPostmaster(data: string): Postmaster | null {
  const lines = readPidFile(data).split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 1) return null
  return { pid, socketFolder: lines[4] ?? '', isReady: lines[7]?.trim() === 'ready' }
}

/** Says whether a Postgres really runs on this data. */
export function isPostmasterRunning(data: string): boolean {
  const postmaster = readPostmaster(data)
  return postmaster !== null && isPostmaster(postmaster.pid, data)
}

/**
 * Waits until a Postgres has ended.
 * @param pid the number of its main process
 * @returns false if it still runs after `patienceMs` milliseconds
 */
export async function waitUntilGone(pid: number, data: string, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  while (isPostmaster(pid, data)) {
    if (Date.now() > deadline) return false
    await pause(10)
  }
  return true
}

/**
 * Stops whatever Postgres still runs on this data, or waits until it has stopped, and clears away its pid file.
 * To be called only by the one who has claimed the data.
 * @throws EmbeddedPostgresError if it does not stop within 15 seconds
 */
export async function stopPostmaster(data: string): Promise<void> {
  const postmaster = readPostmaster(data)
  if (postmaster) {
    const { pid } = postmaster
    const gone =
      (await signalAndWait(pid, data, 'SIGINT', politeStopMs)) ||
      (await signalAndWait(pid, data, 'SIGQUIT', forcedStopMs))
    if (!gone)
      throw new EmbeddedPostgresError(
        `An earlier Postgres (process ${pid}) does not stop. End it, then try again.`,
      )
  }
  // Postgres would believe a stale file whose number now belongs to another program.
  rmSync(join(data, 'postmaster.pid'), { force: true })
}

async function signalAndWait(
  pid: number,
  data: string,
  signal: 'SIGINT' | 'SIGQUIT',
  patienceMs: number,
): Promise<boolean> {
  if (!isPostmaster(pid, data)) return true
  process.kill(pid, signal)
  return waitUntilGone(pid, data, patienceMs)
}

function readPidFile(data: string): string {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8')
  } catch {
    return ''
  }
}

// A process that has ended but not been collected by its parent still has a number, but no command line any more.
function isPostmaster(pid: number, data: string): boolean {
  const line = commandLine(pid)
  // The supervisor's line holds the mark too, as it holds all that it starts Postgres with.
  return line.includes(postmasterMark(data)) && !line.startsWith('/bin/sh')
}

function commandLine(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
