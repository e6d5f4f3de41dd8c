/** What a map remembers. Whoever holds it need not look it up again to know whether it still counts. */
export type Remembered<Value> = {
  readonly value: Value
  /** To be set by whoever uses it without asking the map. */
  isUsed: boolean
  /** Dropped, or replaced by another value. */
  readonly isForgotten: boolean
}

type Entry<Value> = {
  key: string
  value: Value
  isUsed: boolean
  isForgotten: boolean
  older: Entry<Value> | null
  newer: Entry<Value> | null
}

/**
 * A map that holds a number of entries at most, and for a new one drops one that was not asked for of late: SIEVE (Zhang
 * et al., NSDI 2024). A hand goes from the oldest entry to newer ones, spares once each that was asked for since it came
 * by, and drops the first that was not. A look-up writes to nothing but the entry itself: keeping all in the order of
 * their use cost a look-up more than finding it did.
 */
export class RecentlyUsed<Value> {
  readonly #limit: number
  readonly #entries = new Map<string, Entry<Value>>()
  #newest: Entry<Value> | null = null
  #oldest: Entry<Value> | null = null
  /** The next one that may have to go; null for the oldest. */
  #hand: Entry<Value> | null = null

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    entry.isUsed = true
    return entry.value
  }

  /** The entry itself, not marked as used. */
  find(key: string): Remembered<Value> | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: Value): void {
    this.delete(key)
    if (this.#limit === 0) return
    if (this.#entries.size >= this.#limit) this.#makeRoom()
    const entry = { key, value, isUsed: false, isForgotten: false, older: this.#newest, newer: null }
    if (this.#newest !== null) this.#newest.newer = entry
    this.#newest = entry
    this.#oldest ??= entry
    this.#entries.set(key, entry)
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    entry.isForgotten = true
    const { older, newer } = entry
    if (older === null) this.#oldest = newer
    else older.newer = newer
    if (newer === null) this.#newest = older
    else newer.older = older
    if (this.#hand === entry) this.#hand = newer
    // Whoever still holds it must not keep all the others in memory by it.
    entry.older = null
    entry.newer = null
  }

  deleteWhere(isUnwanted: (value: Value) => boolean): void {
    for (const { key, value } of this.#entries.values()) {
      if (isUnwanted(value)) this.delete(key)
    }
  }

  clear(): void {
    for (const key of this.#entries.keys()) this.delete(key)
  }

  #makeRoom(): void {
    let entry = this.#hand ?? this.#oldest
    while (entry?.isUsed === true) {
      entry.isUsed = false
      entry = entry.newer ?? this.#oldest
    }
    if (entry === null) return
    this.#hand = entry
    this.delete(entry.key)
  }
}
