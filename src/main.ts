import { ConfigError, readConfig } from './config.js'
import { DatabaseRefused } from './database/database-refused.js'
import { EmbeddedPostgresError } from './database/embedded-postgres-error.js'
import { MigrationError } from './database/migration-error.js'
import { explainListenError, ListenError } from './http/listen-error.js'
import { createLogger } from './logger.js'
import { startService } from './service.js'
import { announce, complain } from './terminal.js'
import { SigningKeyProblem } from './tokens/signing-key-problem.js'

const doubtsDelayMs = 1000
const oneKeystrokeMs = 500

/** Runs the web process until it is told to leave. */
async function run(): Promise<void> {
  const config = readConfig(process.env)
  const logger = await createLogger(config.logLevel)
  const service = await startService(config, logger).catch((error: unknown) => {
    throw explainListenError(error, config)
  })

  let leftAt = Infinity
  const leave = async (signal: NodeJS.Signals) => {
    // A second Ctrl-C means now; below `npm start` the first comes twice, from the terminal and from npm.
    if (performance.now() > leftAt + oneKeystrokeMs) process.exit(1)
    if (leftAt < Infinity) return
    leftAt = performance.now()
    logger.info({ signal }, 'leaving: requests in flight are finished first')
    const patience = setTimeout(
      () => {
        logger.warn('left before everything was closed')
        process.exit(0)
      },
      (config.limits.shutdownSeconds + 1) * 1000,
    )
    await service.stop()
    clearTimeout(patience)
    logger.info('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', leave)
  process.on('SIGINT', leave)

  try {
    await service.prepared
  } catch (error) {
    await service.stop()
    // What is told next goes to another stream, and belongs after all this.
    await new Promise((resolve) => logger.flush(resolve))
    throw error
  }
  if (leftAt === Infinity) announce(service.address, config, logger)
  // Looking for them takes some 20 ms, which the first page need not wait for.
  setTimeout(() => config.findDoubts().forEach((doubt) => logger.warn(doubt)), doubtsDelayMs).unref()
}

/** What the operator can mend is told in a sentence; anything else keeps its stack. */
function isForTheOperator(error: unknown): error is Error {
  return [
    ConfigError,
    DatabaseRefused,
    EmbeddedPostgresError,
    ListenError,
    MigrationError,
    SigningKeyProblem,
  ].some((kind) => error instanceof kind)
}

run().catch((error: unknown) => {
  if (!isForTheOperator(error)) throw error
  complain(error.message)
  process.exitCode = 1
})
