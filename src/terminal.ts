import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.js'

/** Tells whoever started the service where to open it: a few lines at a terminal, one line in a log. */
export function announce(
  address: string,
  { serviceName, database }: Config,
  logger: FastifyBaseLogger,
): void {
  if (!process.stdout.isTTY) {
    logger.info({ address }, `${serviceName} is ready: open ${address}`)
    return
  }
  const kept =
    database.url === null ? `in ${database.folder} (embedded Postgres)` : 'in the Postgres of DATABASE_URL'
  process.stdout.write(`
  ${serviceName} is ready.

  Open      ${address}
  Accounts  ${kept}
  Stop      Ctrl+C

`)
}

/** Tells why the service did not start and what to do. */
export function complain(message: string): void {
  process.stderr.write(`\nLatchkey did not start.\n\n${message.replaceAll(/^/gm, '  ')}\n\n`)
}
