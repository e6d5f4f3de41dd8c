import { parseArgs } from 'node:util'
import { closestWord } from './closest-word.js'
import type { Command, CommandCall, CommandGroup } from './command.js'
import { HelpCreator } from './help-creator.js'
import { OperatorProblem } from './operator-problem.js'
import type { OperatorTerminal } from './operator-terminal.js'

const helpWords = new Set(['help', '--help', '-h'])
const versionWords = new Set(['--version', '-v', 'version'])

export type CommandLineParts = {
  groups: readonly CommandGroup[]
  terminal: OperatorTerminal
  /** Of this release. */
  version: string
}

/** Reads what was typed, finds the command and runs it. It knows none of them by name. */
export class CommandLine {
  readonly #parts: CommandLineParts
  readonly #help: HelpCreator

  constructor(parts: CommandLineParts) {
    this.#parts = parts
    this.#help = new HelpCreator(parts.groups)
  }

  /**
   * @param words what was typed after `latchkey`
   * @returns whether the news are good
   * @throws OperatorProblem 2 for what is not understood, and whatever the command throws
   */
  async run(words: readonly string[]): Promise<boolean> {
    const { terminal, version } = this.#parts
    const [first = 'help', second, ...rest] = words
    if (versionWords.has(first)) terminal.say(`latchkey ${version}\n`)
    else if (helpWords.has(first)) this.#showHelp(second, rest[0])
    else return this.#runIn(this.#findGroup(first), second === undefined ? [] : [second, ...rest])
    return true
  }

  #showHelp(groupName: string | undefined, name: string | undefined): void {
    this.#parts.terminal.say(this.#buildHelp(groupName, name))
  }

  #buildHelp(groupName: string | undefined, name: string | undefined): string {
    if (groupName === undefined) return this.#help.buildOverview()
    const group = this.#findGroup(groupName)
    // A command that is alone in its group has no name to ask for.
    return name === undefined || isAlone(group)
      ? this.#help.buildGroupPage(group)
      : this.#help.buildCommandPage(group, this.#findCommand(group, name))
  }

  async #runIn(group: CommandGroup, words: readonly string[]): Promise<boolean> {
    const [first] = words
    const isAskedForHelp = words.some((word) => word === '--help' || word === '-h')
    const lone = group.commands.find(({ name }) => name === '')
    if (isAskedForHelp || (lone === undefined && (first === undefined || first === 'help'))) {
      const name = first === undefined || first === 'help' || first.startsWith('-') ? undefined : first
      this.#showHelp(group.name, name)
      return true
    }
    const command = lone ?? this.#findCommand(group, first ?? '')
    return command.run(this.#read(group, command, lone === undefined ? words.slice(1) : words))
  }

  #findGroup(name: string): CommandGroup {
    const { groups } = this.#parts
    const names = groups.map((group) => group.name)
    const found = groups.find((group) => group.name === name)
    return found ?? notUnderstood(`There is no command "${name}".`, name, names, 'latchkey', 'latchkey help')
  }

  #findCommand(group: CommandGroup, name: string): Command {
    const start = `latchkey ${group.name}`
    const names = group.commands.map((command) => command.name)
    const found = group.commands.find((command) => command.name === name)
    return (
      found ??
      notUnderstood(`There is no "${start} ${name}".`, name, names, start, `latchkey help ${group.name}`)
    )
  }

  #read(group: CommandGroup, command: Command, words: readonly string[]): CommandCall {
    const { values, operands } = parse(command, words, `latchkey help ${group.name}`)
    const [least, most] = command.operandCount
    if (operands.length < least || operands.length > most) {
      const problem =
        operands.length < least ? 'This command needs more words.' : `"${operands[most] ?? ''}" is too much.`
      throw new OperatorProblem(`${problem}\n${this.#help.buildUsage(group, command)}`, 2)
    }
    return {
      operands,
      text: (option) => (typeof values[option] === 'string' ? values[option] : null),
      isSet: (option) => values[option] === true,
      terminal: this.#parts.terminal,
    }
  }
}

function isAlone({ commands }: CommandGroup): boolean {
  return commands.some(({ name }) => name === '')
}

function parse(command: Command, words: readonly string[], help: string) {
  const names = Object.keys(command.options)
  const options = Object.fromEntries(
    Object.entries(command.options).map(
      ([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' } as const] as const,
    ),
  )
  const config = { args: [...words], options, allowPositionals: true }
  const { tokens } = parseArgs({ ...config, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind !== 'option' || names.includes(token.name)) continue
    const known = names.map((name) => `--${name}`)
    notUnderstood(`There is no option ${token.rawName} here.`, token.rawName, known, '', help)
  }
  try {
    const { values, positionals } = parseArgs(config)
    return { values, operands: positionals }
  } catch (error) {
    const [sentence = ''] = error instanceof Error ? error.message.split('\n') : []
    throw new OperatorProblem(`${sentence.replace(/\.?$/, '.')}\nSee "${help}".`, 2)
  }
}

function notUnderstood(
  what: string,
  typed: string,
  known: readonly string[],
  start: string,
  help: string,
): never {
  const meant = closestWord(typed, known)
  const hint = meant === null ? `See "${help}".` : `Did you mean "${`${start} ${meant}`.trim()}"?`
  throw new OperatorProblem(`${what} ${hint}`, 2)
}
