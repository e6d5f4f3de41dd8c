type KnownPath = { segments: string[]; methods: string[] }

/** Which methods each path takes. Routes for the others would do the same, but seven of ten routes would be such. */
export class PathMethods {
  readonly #paths = new Map<string, KnownPath>()

  /** @param pattern of a route, in which `:name` stands for any one segment */
  add(pattern: string, methods: readonly string[]): void {
    const known = this.#paths.get(pattern) ?? { segments: pattern.split('/'), methods: [] }
    known.methods.push(...methods)
    this.#paths.set(pattern, known)
  }

  /** @param url of a request, with its query if any @returns in alphabetical order; none when there is no such path */
  find(url: string): string[] {
    const segments = url.split('?', 1).join().split('/')
    const known = [...this.#paths.values()].filter((path) => isSame(path.segments, segments))
    return [...new Set(known.flatMap(({ methods }) => methods))].toSorted()
  }
}

function isSame(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((wanted, at) => wanted === segments[at] || (wanted.startsWith(':') && segments[at] !== ''))
  )
}
