import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Which core runs what; null where processes cannot be held to one, and figures mean less. */
export type Placement = { webCore: number; loadCore: number } | null

/**
 * Holds this process, and with it all that it starts from now on, to the core of Postgres and the load. The other
 * core is for the web process and for what it is compared with.
 *
 * @returns null without `taskset` (Linux) or without a second core
 */
export function takePlaces(): Placement {
  const [webCore, loadCore] = ownCores()
  if (webCore === undefined || loadCore === undefined || availableParallelism() < 2) return null
  const move = spawnSync('taskset', ['-acp', String(loadCore), String(process.pid)])
  return move.status === 0 ? { webCore, loadCore } : null
}

/** The command that runs `command` on the web process's core. */
export function onWebCore(placement: Placement, command: [string, ...string[]]): [string, ...string[]] {
  return placement === null ? command : ['taskset', '-c', String(placement.webCore), ...command]
}

/** The cores this process may use: a container need not have those numbered 0 and 1. */
function ownCores(): number[] {
  const said = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' })
  const list = said.status === 0 ? (said.stdout.split(':').at(-1)?.trim() ?? '') : ''
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    if (first === undefined || last === undefined || range === '') return []
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}
