import { fork, type ChildProcess } from 'node:child_process'
import type { HashingLog } from './hashing-log.js'
import type { HashingOrder } from './hashing-order.js'
import type { HashingReply } from './hashing-reply.js'

const WORKER = new URL('./password-hash-worker.js', import.meta.url)
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
const PATIENCE_AT_END_MS = 5_000
// argon2 reads its memory in random order: in pages of 2 MiB a hash takes 5 % less time, and glibc asks the kernel for them
// in the one arena that grows by `brk`. Other C libraries do not look at this.
const GLIBC_TUNABLES = 'glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1'

type HashingProcessOptions = {
  threads: number
  silenceLimitMs: number
  log: HashingLog
  onReady: () => void
  onReply: (reply: Exclude<HashingReply, { kind: 'ready' }>) => void
  /** Orders without a reply are lost. `isFailing` tells that no new process will come at once. */
  onLoss: (isFailing: boolean) => void
}

/**
 * Keeps one hashing process alive: starts it, replaces it when it dies or falls silent, ends it. Knows nothing of
 * queues or passwords.
 */
export class HashingProcess {
  readonly #options: HashingProcessOptions
  #child: ChildProcess | null = null
  #isReady = false
  #isEnding = false
  #deathsSinceReply = 0
  #ordersWithoutReply = 0
  #restart: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined

  constructor(options: HashingProcessOptions) {
    this.#options = options
  }

  /** True when orders may be sent. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** True when the process has died more than once without doing anything, until a new one is ready. */
  get isFailing(): boolean {
    return !this.#isReady && this.#deathsSinceReply > 1
  }

  /** Milliseconds between a death and the next start: none at first, then doubling from 100 to 10,000. */
  get pauseMs(): number {
    if (this.#deathsSinceReply < 2) return 0
    return Math.min(FIRST_PAUSE_MS * 2 ** (this.#deathsSinceReply - 2), LONGEST_PAUSE_MS)
  }

  /** Starts the process in the background; does nothing when it is already there or on its way. */
  start(): void {
    if (this.#child || this.#restart || this.#isEnding) return
    const child = this.#fork()
    if (!child) return
    this.#child = child
    this.#listenForSilence(child)
    child.on('message', (reply: HashingReply) => this.#hear(child, reply))
    // A process that could not be started may report both an error and its exit.
    child.once('error', () => this.#child === child && this.#replace('it could not be started'))
    child.once(
      'exit',
      (code, signal) => this.#child === child && this.#replace(signal ?? `exit code ${code}`),
    )
  }

  /** Sends one order; only while `isReady`. Its reply comes to `onReply`, its loss to `onLoss`. */
  send(order: HashingOrder): void {
    if (this.#ordersWithoutReply === 0) this.#silence?.refresh()
    this.#ordersWithoutReply += 1
    // A message that cannot be sent needs no other answer than the death that follows.
    this.#child?.send(order, () => undefined)
  }

  /** Ends the process and resolves when it is gone. Nothing starts again afterwards. */
  async end(): Promise<void> {
    this.#isEnding = true
    clearTimeout(this.#restart)
    const child = this.#child
    if (!child) return
    const gone = new Promise<void>((resolve) =>
      child.once('exit', () => resolve()).once('error', () => resolve()),
    )
    const lastResort = setTimeout(() => child.kill('SIGKILL'), PATIENCE_AT_END_MS)
    if (child.connected) child.disconnect()
    await gone
    clearTimeout(lastResort)
  }

  #fork(): ChildProcess | null {
    try {
      return fork(WORKER, [], {
        // Nothing secret that the web process was started with reaches this one.
        env: { UV_THREADPOOL_SIZE: String(this.#options.threads), GLIBC_TUNABLES },
        execArgv: ['--max-old-space-size=32', '--max-semi-space-size=1', '--v8-pool-size=1'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
    } catch {
      // A machine short of memory refuses here and not through an event; the web process must outlive that.
      this.#replace('it could not be started')
      return null
    }
  }

  #hear(child: ChildProcess, reply: HashingReply): void {
    // Its last words may arrive after its death, when the order has already gone to the next one.
    if (this.#child !== child) return
    this.#silence?.refresh()
    if (reply.kind === 'ready') {
      this.#isReady = true
      this.#options.log.info({ hashingProcessId: child.pid }, 'password hashing is ready')
      this.#options.onReady()
      return
    }
    this.#deathsSinceReply = 0
    this.#ordersWithoutReply -= 1
    this.#options.onReply(reply)
  }

  /** A stopped or hanging process would otherwise keep every sign-in waiting for good. */
  #listenForSilence(child: ChildProcess): void {
    this.#silence = setTimeout(() => {
      if (!this.#isReady || this.#ordersWithoutReply > 0) child.kill('SIGKILL')
    }, this.#options.silenceLimitMs)
  }

  #replace(cause: string): void {
    const hashingProcessId = this.#child?.pid
    clearTimeout(this.#silence)
    this.#child = null
    this.#isReady = false
    this.#ordersWithoutReply = 0
    if (this.#isEnding) return
    this.#deathsSinceReply += 1
    this.#options.log.warn({ hashingProcessId, cause, pauseMs: this.pauseMs }, 'password hashing died')
    this.#restart = setTimeout(() => {
      this.#restart = undefined
      this.start()
    }, this.pauseMs)
    this.#options.onLoss(this.isFailing)
  }
}
