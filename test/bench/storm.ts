import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { HttpConnection } from './http-connection.js'
import { loginRequest } from './requests.js'

/** How the sign-ins of a storm ended. */
export type StormTally = { people: number; signedIn: number; askedToWait: number }

/**
 * Many people who sign in again and again, each as soon as the last time is answered: more than may wait for their
 * hash at once, so that some are turned away. Those come back when they were told to.
 */
export class Storm {
  /** How it has gone until now. */
  readonly tally: StormTally
  readonly #port: number
  readonly #over = new AbortController()
  readonly #people: Promise<unknown>

  constructor(port: number, accounts: readonly string[], people: number) {
    this.#port = port
    setMaxListeners(people, this.#over.signal)
    this.tally = { people, signedIn: 0, askedToWait: 0 }
    this.#people = Promise.all(
      Array.from({ length: people }, (_, index) =>
        this.#signInAgainAndAgain(accounts[index % accounts.length] ?? ''),
      ),
    )
    // Told to whoever ends the storm, which is later.
    this.#people.catch(() => undefined)
  }

  /** Ends it and waits for the last answers. */
  async end(): Promise<void> {
    this.#over.abort()
    await this.#people
  }

  async #signInAgainAndAgain(username: string): Promise<void> {
    const { signal } = this.#over
    const request = loginRequest(this.#port, username)
    const connection = await HttpConnection.open(this.#port)
    while (!signal.aborted) {
      const { status, head } = await connection.exchange(request)
      const waitSeconds = Number(/retry-after: (\d+)/i.exec(head)?.[1])
      if (status === 303) this.tally.signedIn += 1
      else if (status === 503 && waitSeconds > 0) {
        this.tally.askedToWait += 1
        await pause(waitSeconds * 1000, undefined, { signal }).catch(() => undefined)
      } else throw new Error(`a sign-in in the storm had status ${status}:\n${head}`)
    }
    connection.close()
  }
}
