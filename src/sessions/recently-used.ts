type Entry<Value> = { key: string; value: Value; older: Entry<Value> | null; newer: Entry<Value> | null }

/**
 * A map that holds a number of entries at most and drops the one that was not asked for the longest. A look-up
 * allocates nothing: putting an entry at the end of a `Map` again would keep a new copy of its key each time, and
 * collecting those cost more than all the rest of a look-up.
 */
export class RecentlyUsed<Value> {
  readonly #limit: number
  readonly #entries = new Map<string, Entry<Value>>()
  #newest: Entry<Value> | null = null
  #oldest: Entry<Value> | null = null

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (entry !== this.#newest) {
      this.#unlink(entry)
      this.#link(entry)
    }
    return entry.value
  }

  set(key: string, value: Value): void {
    this.delete(key)
    if (this.#limit === 0) return
    if (this.#entries.size >= this.#limit && this.#oldest !== null) this.delete(this.#oldest.key)
    const entry = { key, value, older: null, newer: null }
    this.#entries.set(key, entry)
    this.#link(entry)
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#unlink(entry)
  }

  deleteWhere(isUnwanted: (value: Value) => boolean): void {
    for (const { key, value } of this.#entries.values()) {
      if (isUnwanted(value)) this.delete(key)
    }
  }

  clear(): void {
    this.#entries.clear()
    this.#newest = null
    this.#oldest = null
  }

  #link(entry: Entry<Value>): void {
    entry.older = this.#newest
    if (this.#newest !== null) this.#newest.newer = entry
    this.#newest = entry
    this.#oldest ??= entry
  }

  #unlink(entry: Entry<Value>): void {
    const { older, newer } = entry
    if (older === null) this.#oldest = newer
    else older.newer = newer
    if (newer === null) this.#newest = older
    else newer.older = older
    entry.older = null
    entry.newer = null
  }
}
