import { readFileSync } from 'node:fs'
import { closestWord } from '../operator/closest-word.js'

type IntegerBounds = { fallback: number; min: number; max: number }

/**
 * Reads settings out of environment variables and remembers every problem instead of stopping at the first.
 * `NAME_FILE` holds the path of a file with the value of `NAME`, as container secrets are mounted.
 * It knows how a value is written, not what it means.
 */
export class Environment {
  readonly problems: string[] = []
  readonly #variables: NodeJS.ProcessEnv
  readonly #names = new Set<string>()

  constructor(variables: NodeJS.ProcessEnv) {
    this.#variables = variables
  }

  /** The value of `name` without surrounding white space; null when it is not set or empty. */
  text(name: string): string | null {
    this.#names.add(name).add(`${name}_FILE`)
    const direct = this.#variables[name]?.trim()
    const file = this.#variables[`${name}_FILE`]?.trim()
    if (direct && file) {
      this.report(`${name} and ${name}_FILE are both set; keep one of them.`)
      return null
    }
    return (file ? this.#readFile(name, file) : direct) || null
  }

  /** A whole number within `min` and `max`, both included. */
  integer(name: string, { fallback, min, max }: IntegerBounds): number {
    const text = this.text(name)
    if (text === null) return fallback
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    this.report(`${name} must be a whole number from ${min} to ${max}, not "${text}".`)
    return fallback
  }

  /** `true` or `false`, written so. */
  boolean(name: string, fallback: boolean): boolean {
    const text = this.text(name)
    if (text === null) return fallback
    if (text === 'true' || text === 'false') return text === 'true'
    this.report(`${name} must be true or false, not "${text}".`)
    return fallback
  }

  /** One of the given words. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const text = this.text(name)
    if (text === null) return fallback
    const chosen = choices.find((choice) => choice === text)
    if (chosen) return chosen
    this.report(`${name} must be one of ${choices.join(', ')}, not "${text}".`)
    return fallback
  }

  /** Values separated by commas or white space; an empty list when it is not set. */
  list(name: string): string[] {
    return (this.text(name) ?? '').split(/[\s,]+/).filter((value) => value !== '')
  }

  /** Remembers a problem, a sentence for the operator. */
  report(problem: string): void {
    this.problems.push(problem)
  }

  /** Variables that are no setting and look like one that was mistyped: a sentence each, once all settings were read. */
  findMistypedNames(): string[] {
    const names = [...this.#names]
    // A short name may be anything: HOME is two letters from HOST. Of npm's own names `npm start` sets dozens.
    const strangers = Object.keys(this.#variables).filter(
      (name) => name.length > 5 && !name.startsWith('npm_') && !this.#names.has(name),
    )
    return strangers.flatMap((name) => {
      const meant = closestWord(name, names, 2)
      return meant === null ? [] : [`${name} is not a setting. Is ${meant} meant?`]
    })
  }

  #readFile(name: string, path: string): string | null {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      this.report(`${name}_FILE names "${path}", which cannot be read.`)
      return null
    }
  }
}
