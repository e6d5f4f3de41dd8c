import { spawn } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { holdersPipe, joinedFile } from './postgres-hold.js'
import type { PostgresUser } from './postgres-user.js'

const exitFile = 'latchkey.exit.'

// A shell and not Node: it outlives Latchkey's process, holds next to no memory and starts in a millisecond.
// One half keeps Postgres running, the other reads the pipe until its last holder is gone, even by SIGKILL.
const script = `
run=$1 socket_folder=$2
shift 2
# A service manager that ends everything at once must not take Postgres from a Latchkey that still finishes its work.
trap '' TERM

keep() {
  exec 3<&-
  trap 'stopping=yes; [ -z "$postgres" ] || kill -INT "$postgres" 2>/dev/null' USR1
  while [ -z "$stopping" ] && kill -0 $$ 2>/dev/null; do
    rm -f "${exitFile}$run"
    "$@" </dev/null 3<&- &
    postgres=$!
    while :; do
      wait "$postgres"
      code=$?
      kill -0 "$postgres" 2>/dev/null || break
    done
    [ -n "$stopping" ] && break
    echo "$code" >"${exitFile}$run"
    sleep 1
  done
}
stopping= postgres=
keep "$@" &
keeper=$!

while read -r token; do
  : >"${joinedFile}$token"
done <&3

rm -f ${holdersPipe} ${joinedFile}*
# Repeated, since Postgres misses a signal that comes before it listens.
while kill -USR1 "$keeper" 2>/dev/null; do
  sleep 0.1 2>/dev/null || sleep 1
done
rm -f "${exitFile}$run" "$socket_folder"/.s.PGSQL.*
rmdir "$socket_folder"
`

/** A supervisor that has been started. `hasFailed` says whether Postgres has ended and not been restarted yet. */
export type PostgresSupervisor = { hasFailed: () => boolean }

/**
 * Starts Postgres under a supervisor of its own session, which restarts it when it dies, stops it when the last
 * holder is gone, and then leaves too.
 * @param start.run a name for this run that no other run has
 * @param start.data the data folder, working directory of both
 * @param start.readingEnd file descriptor of the holders' pipe
 * @param start.log file descriptor for all that they print
 */
export function startSupervisor(start: {
  run: string
  command: string[]
  data: string
  socketFolder: string
  user: PostgresUser | null
  readingEnd: number
  log: number
}): PostgresSupervisor {
  removeLeftovers(start.data)
  const child = spawn(
    '/bin/sh',
    ['-c', script, 'latchkey-postgres', start.run, start.socketFolder, ...start.command],
    {
      cwd: start.data,
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      detached: true,
      stdio: ['ignore', start.log, start.log, start.readingEnd],
      ...start.user,
    },
  )
  let hasEnded = false
  child.once('error', () => (hasEnded = true))
  child.once('exit', () => (hasEnded = true))
  child.unref()
  return { hasFailed: () => hasEnded || existsSync(join(start.data, `${exitFile}${start.run}`)) }
}

// Files of runs that were killed before they could tidy up.
function removeLeftovers(data: string): void {
  for (const name of readdirSync(data)) {
    if (name.startsWith(exitFile) || name.startsWith(joinedFile)) rmSync(join(data, name), { force: true })
  }
}
