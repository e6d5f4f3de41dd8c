import type { Socket } from 'node:net'

const counted = Symbol('what came in one turn')
type CountedSocket = Socket & { [counted]?: { turn: number; count: number } }

/**
 * Counts what comes on a connection within one turn of the event loop. Node reads up to 2 MB of it in a turn, in which
 * nobody else is served.
 */
export class TurnCounter {
  #turn = 0
  #isOver = true

  /** Counts one more, and tells how many there are. */
  count(socket: CountedSocket): number {
    if (this.#isOver) {
      this.#isOver = false
      this.#turn += 1
      setImmediate(() => (this.#isOver = true))
    }
    const known = (socket[counted] ??= { turn: 0, count: 0 })
    known.count = known.turn === this.#turn ? known.count + 1 : 1
    known.turn = this.#turn
    return known.count
  }
}
