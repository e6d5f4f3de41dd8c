import type { OperatorTerminal } from './operator-terminal.js'

export type CommandOption = {
  /** What stands for its value in the help, such as `<text>`; without it the option is a switch. */
  value?: string
  summary: string
}

/** What was typed after the name of a command, read. */
export type CommandCall = {
  operands: readonly string[]
  /** The value of an option; null when it was not given. */
  text: (option: string) => string | null
  isSet: (option: string) => boolean
  terminal: OperatorTerminal
}

export type Command = {
  /** All its words but the first: `add` of `latchkey accounts add`; empty when the group has only one command. */
  name: string
  /** For the help: `<username> <group…>`. */
  operands: string
  /** How many operands it takes, both included. */
  operandCount: readonly [least: number, most: number]
  options: Readonly<Record<string, CommandOption>>
  summary: string
  /** @returns false when all was done as asked and the news are bad; then the exit code is 1 */
  run: (call: CommandCall) => Promise<boolean>
}

/** Commands that share their first word and a page of help. */
export type CommandGroup = {
  name: string
  summary: string
  /** Paragraphs for its page of help. */
  about: readonly string[]
  commands: readonly Command[]
}
