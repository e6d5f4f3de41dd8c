import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, type Notification } from 'pg'
import type { DatabaseConnection } from './database-connection.js'
import { Heartbeat } from './heartbeat.js'

const connectTimeoutMs = 3_000
const arriveWithinMs = 1_000
const keepEveryMs = 250
const farewellMs = 500

/** One connection that listens to a channel, from its start to its end. What is lost stays lost; another is made. */
export class ListeningConnection {
  readonly #socket = new Socket()
  readonly #client: Client
  readonly #channel: string
  readonly #hear: (message: string) => void
  readonly #ownChannel = `latchkey_${randomBytes(8).toString('hex')}`
  readonly #heartbeat = new Heartbeat((beat) => this.#sendBeat(beat))
  readonly #lost: Promise<never>
  #lose: (reason: unknown) => void = () => undefined
  #proveHearing: () => void = () => undefined
  #keeping: NodeJS.Timeout | undefined

  /** @param hear is called with each message on `channel`, in the order of commits */
  constructor(connection: DatabaseConnection, channel: string, hear: (message: string) => void) {
    this.#channel = channel
    this.#hear = hear
    this.#client = new Client({
      ...connection,
      stream: () => this.#socket,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      application_name: 'latchkey listener',
    })
    this.#lost = new Promise((_resolve, reject) => (this.#lose = reject))
    // A loss that nobody waits for at the moment is not one that nobody handles.
    this.#lost.catch(() => undefined)
    this.#client.on('error', (error) => this.#lose(error))
    this.#client.on('end', () => this.#lose(new Error('the connection was closed')))
    this.#client.on('notification', (notification) => this.#receive(notification))
  }

  /**
   * Connects and begins to listen. After an error there is nothing to do but `close`.
   * @param sendFromElsewhere runs a statement on another connection
   * @throws what kept it from hearing
   */
  async open(sendFromElsewhere: (statement: string) => Promise<unknown>): Promise<void> {
    await this.#unlessLost(this.#client.connect())
    await this.#unlessLost(this.#client.query(`listen "${this.#channel}"; listen "${this.#ownChannel}"`))
    await this.#unlessLost(this.#hearFromElsewhere(sendFromElsewhere))
    this.#heartbeat.beat()
    // When this process has been busy, answers wait to be read: they are, before the heartbeat is looked at.
    this.#keeping = setInterval(() => setImmediate(() => this.#keep()), keepEveryMs)
  }

  /** Whether everything that was committed until `longestSilenceMs` ago has been heard. */
  isCurrent(): boolean {
    return this.#heartbeat.isCurrent()
  }

  /** Waits for the end: rejects with its reason. */
  async untilLost(): Promise<never> {
    return this.#lost
  }

  /** Says goodbye, and hangs up on a server that does not answer it. */
  async close(): Promise<void> {
    clearInterval(this.#keeping)
    this.#lose(new Error('the connection was closed'))
    await Promise.race([
      this.#client.end().catch(() => undefined),
      pause(farewellMs, undefined, { ref: false }),
    ])
    this.#socket.destroy()
  }

  // Behind PgBouncer in transaction mode a connection may hear itself, but never another.
  async #hearFromElsewhere(send: (statement: string) => Promise<unknown>): Promise<void> {
    const isHeard = new Promise<true>((resolve) => (this.#proveHearing = () => resolve(true)))
    await send(this.#notification('elsewhere'))
    if (await Promise.race([isHeard, pause(arriveWithinMs, false, { ref: false })])) return
    throw new Error(
      'notifications do not arrive; a pooler in transaction mode, such as PgBouncer, drops them',
    )
  }

  #keep(): void {
    if (!this.#heartbeat.keep()) this.#lose(new Error('the connection does not answer'))
  }

  #sendBeat(beat: string): void {
    this.#client.query(this.#notification(beat)).catch((error: unknown) => this.#lose(error))
  }

  #receive({ channel, payload = '' }: Notification): void {
    if (channel === this.#channel) this.#hear(payload)
    else if (payload === 'elsewhere') this.#proveHearing()
    else this.#heartbeat.hear(payload)
  }

  #notification(text: string): string {
    return `notify "${this.#ownChannel}", '${text}'`
  }

  async #unlessLost<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#lost])
  }
}
