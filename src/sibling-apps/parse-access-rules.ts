import { isGroupName } from '../accounts/is-group-name.js'
import { coversHost, coversPath, type AccessRule } from './access-rules.js'
import { readPathSegments } from './read-path-segments.js'

export type AccessRulesOutcome = {
  rules: AccessRule[]
  /** What is wrong, a sentence each; where there is one, the rules are not to be used. */
  problems: string[]
}

type Reading<Value> = { value: Value } | { problem: string }

/**
 * Reads access rules, one per line or separated by semicolons: `host[/path] : who…`, where `who` is groups,
 * `signed-in` or `nobody`. Empty lines and lines that begin with `#` mean nothing.
 */
export function parseAccessRules(text: string): AccessRulesOutcome {
  const problems: string[] = []
  const rules: { rule: AccessRule; line: number }[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim().startsWith('#')) continue
    for (const part of line.split(';').map((each) => each.trim())) {
      if (part === '') continue
      const reading = readRule(part)
      const rule = 'value' in reading ? reading.value : null
      const decided = rule === null ? undefined : rules.find((earlier) => covers(earlier.rule, rule))
      if (rule === null || decided !== undefined) {
        const problem =
          'problem' in reading ? reading.problem : `is never reached, line ${decided?.line} decides before it`
        problems.push(`line ${index + 1}: "${part}" ${problem}.`)
      } else {
        rules.push({ rule, line: index + 1 })
      }
    }
  }
  return { rules: rules.map(({ rule }) => rule), problems }
}

function readRule(text: string): Reading<AccessRule> {
  // The last colon: addresses may hold others.
  const colon = text.lastIndexOf(':')
  // A port at the end is no group, even if one had such a name.
  if (colon === -1 || /:\d+$/.test(text))
    return { problem: 'does not say who may come in, as in app.example.com : admins' }
  const where = text.slice(0, colon).trim()
  if (where.includes('://')) return { problem: 'begins with a scheme; write the host alone' }
  const slash = where.indexOf('/')
  const host = readHost(slash === -1 ? where : where.slice(0, slash))
  if ('problem' in host) return host
  const path = readPath(slash === -1 ? '/' : where.slice(slash))
  if ('problem' in path) return path
  const who = readWho(text.slice(colon + 1).trim())
  if ('problem' in who) return who
  return { value: { host: host.value, path: path.value, who: who.value } }
}

function readHost(text: string): Reading<string> {
  if (text === '*') return { value: '*' }
  if (/:\d*$/.test(text)) return { problem: 'has a port, but rules hold for every port of a host' }
  const wildcard = text.startsWith('*.') ? '*.' : ''
  const address = `http://${text.slice(wildcard.length)}/`
  const url = URL.canParse(address) && !address.includes('*') ? new URL(address) : null
  if (url === null || url.href !== `http://${url.hostname}/`) {
    return { problem: 'does not begin with a host such as app.example.com, *.example.com or *' }
  }
  return { value: wildcard + url.hostname }
}

function readPath(text: string): Reading<string[]> {
  const segments = /[\s*?#]/.test(text) ? null : readPathSegments(text)
  if (segments !== null) return { value: segments }
  return { problem: 'has a path that is not plain; write it as in app.example.com/admin, without * or ?' }
}

function readWho(text: string): Reading<AccessRule['who']> {
  const [first, ...others] = text.split(/[\s,]+/).filter((word) => word !== '')
  if (first === undefined) return { problem: 'does not say who may come in: groups, signed-in or nobody' }
  const groups = [first, ...others]
  const wrong = groups.find((name) => name !== 'signed-in' && name !== 'nobody' && !isGroupName(name))
  if (wrong !== undefined) {
    return {
      problem: `names "${wrong}", which cannot be a group: Latin letters, digits, ".", "_" and "-", a letter or digit first`,
    }
  }
  if (others.length === 0 && first === 'signed-in') return { value: { kind: 'signedIn' } }
  if (others.length === 0 && first === 'nobody') return { value: { kind: 'nobody' } }
  if (groups.every(isGroupName)) return { value: { kind: 'groups', groups } }
  return { problem: 'names groups beside signed-in or nobody, which stand alone' }
}

function covers(earlier: AccessRule, later: AccessRule): boolean {
  return coversHost(earlier.host, later.host) && coversPath(earlier.path, later.path)
}
