import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { atEnd } from './cleanup.js'
import { onWebCore, type Placement } from './placement.js'

/**
 * A process that does as little as can be done, for comparison: started on the web process's core, asked by messages
 * and answering each with one.
 */
export class ComparisonProcess<Order extends object, Answer> {
  readonly #child: ChildProcess
  readonly #died: Promise<never>

  /** @param script beside this file, without its ending */
  constructor(script: string, placement: Placement) {
    const [command, ...commandArguments] = onWebCore(placement, [process.execPath])
    this.#child = fork(new URL(`./${script}.js`, import.meta.url), {
      // Forked through `taskset`, which becomes Node and so keeps the channel for messages.
      execPath: command,
      execArgv: commandArguments,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    atEnd(() => this.#child.kill('SIGKILL'))
    this.#died = once(this.#child, 'exit').then(() => {
      throw new Error(`${script} ended before its time`)
    })
    // Told to whoever asks for something.
    this.#died.catch(() => undefined)
  }

  /** Its number, as the system knows it. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Sends an order and waits for what comes back. */
  async ask(order: Order): Promise<Answer> {
    const answered = once(this.#child, 'message')
    this.#child.send(order)
    const [answer] = (await Promise.race([answered, this.#died])) as [Answer]
    return answer
  }

  /** Ends it; without its channel it leaves by itself. */
  end(): void {
    this.#child.disconnect()
  }
}
