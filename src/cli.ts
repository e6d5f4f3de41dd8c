import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, readConfig } from './config.js'
import { DatabaseRefused, explainRefusal } from './database/database-refused.js'
import { DatabaseUnavailable } from './database/database-unavailable.js'
import { EmbeddedPostgresError } from './database/embedded-postgres-error.js'
import { MigrationError } from './database/migration-error.js'
import { createAccountCommands } from './operator/account-commands.js'
import { CommandLine } from './operator/command-line.js'
import { createDoctorCommand } from './operator/doctor-command.js'
import { createKeyCommands } from './operator/key-commands.js'
import { OperatorHouse } from './operator/operator-house.js'
import { OperatorProblem } from './operator/operator-problem.js'
import { OperatorTerminal } from './operator/operator-terminal.js'
import { createOriginCommands } from './operator/origin-commands.js'
import { projectFolder } from './project-folder.js'
import { SigningKeyProblem } from './tokens/signing-key-problem.js'

const terminal = new OperatorTerminal(process)
// Whoever reads the answer may have read enough: `latchkey accounts list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

/** Does what the command line says; settles with the exit code set. */
async function run(): Promise<void> {
  try {
    const house = new OperatorHouse(() => readConfig(process.env))
    const groups = [
      createOriginCommands(house),
      createAccountCommands(house),
      createKeyCommands(house),
      createDoctorCommand(house),
    ]
    const commandLine = new CommandLine({ groups, terminal, version: version() })
    process.exitCode = (await commandLine.run(process.argv.slice(2))) ? 0 : 1
  } catch (error) {
    terminal.complain(`latchkey: ${explain(error)}\n`)
    process.exitCode = error instanceof OperatorProblem ? error.exitCode : 1
  }
}

/** What the operator can mend is told in a sentence; anything else keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return `The settings cannot be used.\n${error.message}`
  if (error instanceof DatabaseUnavailable)
    return `${error.message}. Is it running, and is DATABASE_URL that of the service?`
  const refusal = explainRefusal(error)
  if (refusal instanceof DatabaseRefused) return refusal.message
  if (!(error instanceof Error)) return String(error)
  const isForTheOperator = [OperatorProblem, EmbeddedPostgresError, MigrationError, SigningKeyProblem].some(
    (kind) => error instanceof kind,
  )
  return isForTheOperator ? error.message : `Something went wrong that should not.\n${error.stack}`
}

function version(): string {
  const { version: own }: { version: string } = JSON.parse(
    readFileSync(join(projectFolder, 'package.json'), 'utf8'),
  )
  return own
}

void run()
