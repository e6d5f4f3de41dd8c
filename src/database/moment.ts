/**
 * A point in time by two clocks: the one that never jumps stands still while a machine sleeps, the other goes on.
 * What must not be too old has to be recent by both.
 */
export class Moment {
  readonly #elapsed = performance.now()
  readonly #date = Date.now()

  /** Whether it was less than `ms` milliseconds ago. */
  isWithin(ms: number): boolean {
    return performance.now() - this.#elapsed < ms && Date.now() - this.#date < ms
  }
}
