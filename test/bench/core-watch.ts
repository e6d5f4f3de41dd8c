import { readdirSync, readFileSync } from 'node:fs'
import type { Placement } from './placement.js'

const jiffyMs = 10

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
    this.#core = placement?.webCore ?? null
    this.#own = own
    this.#busyBefore = busyMs(this.#core)
    this.#ownBefore = processorMs(own)
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
  if (process.platform !== 'linux') return 0
  return pids.reduce((sum, pid) => sum + ownMs(pid) + processorMs(childrenOf(pid)), 0)
}

function ownMs(pid: number): number {
  // The name in parentheses may hold spaces; after it come the numbers, 12th and 13th the user and system time.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * jiffyMs
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}
