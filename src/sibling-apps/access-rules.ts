import { readPathSegments } from './read-path-segments.js'

export type AccessRule = {
  /** A host, `*.example.com` for all hosts below a domain, or `*` for all. */
  host: string
  /** Decoded; empty for the whole host. */
  path: readonly string[]
  who: { kind: 'signedIn' } | { kind: 'nobody' } | { kind: 'groups'; groups: readonly string[] }
}

/**
 * Decides which signed-in account may open which address of the sibling apps. The first rule that fits decides; where
 * none fits, everybody who is signed in may.
 */
export class AccessRules {
  readonly #rules: readonly (AccessRule & { foldedPath: readonly string[] })[]

  constructor(rules: readonly AccessRule[]) {
    this.#rules = rules.map((rule) => ({ ...rule, foldedPath: rule.path.map(fold) }))
  }

  /**
   * @param hostname as a `URL` has it
   * @param path as it stood in the request line, without query
   * @param groups those of the account
   */
  permits(hostname: string, path: string, groups: readonly string[]): boolean {
    const rules = this.#rules.filter((rule) => coversHost(rule.host, hostname))
    const [first] = rules
    if (first === undefined || first.path.length === 0) return letsIn(first, groups)

    const segments = readPathSegments(path)
    if (segments === null) return false
    const rule = rules.find((each) => coversPath(each.path, segments))
    // Some apps read /Admin as /admin, others do not: where that makes a difference, nobody is let in.
    const folded = segments.map(fold)
    if (rule !== rules.find((each) => coversPath(each.foldedPath, folded))) return false
    return letsIn(rule, groups)
  }
}

/** Whether a rule for `host` is one for `hostname` too, which may itself be `*` or `*.example.com`. */
export function coversHost(host: string, hostname: string): boolean {
  if (host === '*' || host === hostname) return true
  return host.startsWith('*.') && hostname.endsWith(host.slice(1))
}

/** Whether `path` leads to `segments` or above it, by whole segments. */
export function coversPath(path: readonly string[], segments: readonly string[]): boolean {
  return path.every((segment, index) => segment === segments[index])
}

function fold(segment: string): string {
  // Some letters meet only as capitals: ı and i.
  return segment.normalize('NFKC').toUpperCase().toLowerCase()
}

function letsIn(rule: AccessRule | undefined, groups: readonly string[]): boolean {
  if (rule === undefined) return true
  const { who } = rule
  switch (who.kind) {
    case 'signedIn':
      return true
    case 'nobody':
      return false
    case 'groups':
      return who.groups.some((group) => groups.includes(group))
  }
}
