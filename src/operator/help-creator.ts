import type { Command, CommandGroup } from './command.js'
import { wrapText } from './wrap-text.js'

const width = 80
const column = 36

/** The words of the help, for a terminal of 80 columns. It knows no command by name. */
export class HelpCreator {
  readonly #groups: readonly CommandGroup[]

  constructor(groups: readonly CommandGroup[]) {
    this.#groups = groups
  }

  /** What there is, in one screen. */
  buildOverview(): string {
    const groups = this.#groups.map((group) => {
      const commands = group.commands.map((command) => entry(words(group, command), command.summary))
      return `${group.summary}\n${commands.join('')}`
    })
    return `latchkey: the operator's commands

Usage  latchkey <command> [options]      (npx latchkey ... in a clone)

${groups.join('\n')}
Help
${entry('help <command>', 'Options and examples.')}${entry('--version', 'Which release this is.')}
${wrapText('The commands take the same settings as the service, from the environment: run them in the same folder, or in the same container, with the same DATABASE_URL or DATA_FOLDER.', width)}
`
  }

  /** All about the commands that begin with one word. */
  buildGroupPage(group: CommandGroup): string {
    const commands = group.commands.map((command) => describe(group, command))
    const about = group.about.map(
      (paragraph) => `${paragraph.startsWith(' ') ? paragraph : wrapText(paragraph, width)}\n`,
    )
    return `${heading(group)}${commands.join('\n')}\n${about.join('\n')}`
  }

  /** All about one command. */
  buildCommandPage(group: CommandGroup, command: Command): string {
    return `${heading(group)}${describe(group, command)}\nSee also "latchkey help ${group.name}".\n`
  }

  /** The one line that tells how a command is called. */
  buildUsage(group: CommandGroup, command: Command): string {
    return `Usage: ${call(group, command)}${Object.keys(command.options).length > 0 ? ' [options]' : ''}`
  }
}

function heading({ name, summary }: CommandGroup): string {
  return `latchkey ${name}: ${summary}\n\n`
}

function describe(group: CommandGroup, command: Command): string {
  const options = Object.entries(command.options).map(([name, { value, summary }]) =>
    entry(`    --${name}${value === undefined ? '' : ` ${value}`}`, summary),
  )
  return `  ${call(group, command)}\n      ${wrapText(command.summary, width, '      ')}\n${options.join('')}`
}

function call(group: CommandGroup, command: Command): string {
  return `latchkey ${words(group, command)}`
}

function words(group: CommandGroup, { name, operands }: Command): string {
  return [group.name, name, operands].filter((word) => word !== '').join(' ')
}

function entry(term: string, meaning: string): string {
  const start = `  ${term}`
  const indent = ' '.repeat(column)
  const rest = wrapText(meaning, width, indent)
  return start.length < column - 1 ? `${start.padEnd(column)}${rest}\n` : `${start}\n${indent}${rest}\n`
}
