import { pino, type Logger } from 'pino'

/**
 * The log of the service: JSON lines for a collector, plain lines for a person at a terminal.
 * Requests' headers and bodies are never handed to it, so neither passwords nor tokens nor cookies can appear.
 */
export async function createLogger(level: string): Promise<Logger> {
  const options = {
    level,
    serializers: { req: ({ id, method }: { id: string; method: string }) => ({ id, method }) },
  }
  if (!process.stdout.isTTY) return pino(options)
  const { default: pretty } = await import('pino-pretty')
  return pino(
    options,
    pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname,reqId,req' }),
  )
}
