import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Placement } from './placement.js'

const jiffyMs = 10
const nanosecondsPerMs = 1_000_000

/**
 * Tells how much of the web process's core went to processes that are none of the bench's. Rounds in turn do not help
 * against those: seen on a busy machine, the service hashed three times as fast as argon2 alone on the same core.
 */
export class CoreWatch {
  readonly #core: number | null
  readonly #own: readonly number[]
  readonly #startedAt = performance.now()
  readonly #busyBefore: number
  readonly #ownBefore: number

  /** @param own numbers of the processes that are meant to use the core; their children count too */
  constructor(placement: Placement, own: readonly number[]) {
    this.#core = existsSync('/proc/self/schedstat') ? (placement?.webCore ?? null) : null
    this.#own = own
    this.#busyBefore = busyMs(this.#core)
    this.#ownBefore = this.#core === null ? 0 : processorMs(own)
  }

  /**
   * @param started processes that were started since, for the same purpose
   * @returns from 0 to 1; null where it cannot be told
   */
  othersShare(started: readonly number[] = []): number | null {
    if (this.#core === null) return null
    const busy = busyMs(this.#core) - this.#busyBefore
    const own = processorMs([...this.#own, ...started]) - this.#ownBefore
    return Math.max(0, (busy - own) / (performance.now() - this.#startedAt))
  }
}

/** What a core has spent on processes since the machine started; interrupts belong to nobody and are left out. */
function busyMs(core: number | null): number {
  if (core === null) return 0
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`cpu${core} `))
  const [user = 0, nice = 0, system = 0] = (line ?? '').split(/\s+/).slice(1).map(Number)
  return (user + nice + system) * jiffyMs
}

function processorMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ownMs(pid) + processorMs(childrenOf(pid)), 0)
}

function ownMs(pid: number): number {
  // In nanoseconds: `stat` leaves up to two ticks out, which is a tenth of a start.
  const times = readOfThreads(pid, 'schedstat').map((line) => Number(line.split(' ')[0]))
  return times.reduce((sum, time) => sum + time, 0) / nanosecondsPerMs
}

function childrenOf(pid: number): number[] {
  return readOfThreads(pid, 'children').flatMap((line) => line.split(' ').filter(Boolean).map(Number))
}

function readOfThreads(pid: number, file: string): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8'),
  )
}
