import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findFreePort } from '../../src/programs/find-free-port.js'
import { projectFolder } from '../../src/project-folder.js'
import { atEnd } from './cleanup.js'
import { fetchOnce } from './http-connection.js'
import { onWebCore, type Placement } from './placement.js'
import { getRequest } from './requests.js'

const patienceMs = 15_000
const pollMs = 2

/** The web process as an operator starts it; its log goes to a file. */
export class WebProcess {
  readonly port: number
  /** Milliseconds from starting the process to the last byte of its first page. */
  readonly startMs: number
  readonly #child: ChildProcess
  readonly #logFile: string

  private constructor(child: ChildProcess, port: number, logFile: string, startMs: number) {
    this.#child = child
    this.port = port
    this.#logFile = logFile
    this.startMs = startMs
  }

  /** Starts one, with default settings but for those given, and waits until it has answered `GET /login` with 200. */
  static async start(
    databaseUrl: string,
    placement: Placement,
    settings: Record<string, string> = {},
  ): Promise<WebProcess> {
    const port = await findFreePort()
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-log-'))
    atEnd(() => rmSync(folder, { recursive: true, force: true }))
    const logFile = join(folder, 'web.log')
    const log = openSync(logFile, 'a')
    const [command, ...commandArguments] = onWebCore(placement, [
      process.execPath,
      join(projectFolder, 'dist/bin/main.js'),
    ])
    const startedAt = performance.now()
    const child = spawn(command, commandArguments, {
      env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, PORT: String(port), ...settings },
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    atEnd(() => child.kill('SIGKILL'))
    await awaitFirstPage(child, port).catch((error: unknown) => {
      throw new Error(`the web process did not start:\n${readFileSync(logFile, 'utf8')}`, { cause: error })
    })
    return new WebProcess(child, port, logFile, performance.now() - startedAt)
  }

  /** Its number, as the system knows it. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** The number of its hashing process, once that has said that it is ready. */
  async hashingPid(): Promise<number> {
    const deadline = performance.now() + patienceMs
    while (performance.now() < deadline) {
      const found = /"hashingProcessId":(\d+),"msg":"password hashing is ready"/.exec(
        readFileSync(this.#logFile, 'utf8'),
      )
      if (found?.[1]) return Number(found[1])
      await pause(20)
    }
    throw new Error('the hashing process did not become ready')
  }

  /** Tells it to leave and waits until it has. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
  }
}

async function awaitFirstPage(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (child.exitCode === null && performance.now() < deadline) {
    const status = await fetchOnce(port, getRequest(port, '/login')).then(
      (answer) => answer.status,
      () => null,
    )
    if (status === 200) return
    await pause(pollMs)
  }
  throw new Error('no first page')
}
