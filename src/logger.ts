import { destination, pino, stdSerializers, type Logger } from 'pino'

// A write for each line costs a sign-in a fifth of its time; a line waits this long for others to go with it.
const gathering = { minLength: 4096, periodicFlush: 100 }
/** Bytes that wait at most; whoever reads no more must not fill the memory, so further lines are dropped. */
const mostWaiting = 4_194_304

/**
 * The log of the service: JSON lines for a collector, plain lines for a person at a terminal.
 * Requests' headers and bodies are never handed to it, so neither passwords nor tokens nor cookies can appear.
 */
export async function createLogger(level: string): Promise<Logger> {
  const options = {
    level,
    serializers: {
      err: tellError,
      req: ({ id, method }: { id: string; method: string }) => ({ id, method }),
    },
  }
  if (!process.stdout.isTTY) return pino(options, destination({ ...gathering, maxLength: mostWaiting }))
  const { default: pretty } = await import('pino-pretty')
  return pino(
    options,
    pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname,reqId,req' }),
  )
}

/** Without what an error drags along: of a lost connection that is all of it, the key that cancels its statements included. */
function tellError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const told = Object.entries(stdSerializers.err(error)).filter(([, value]) => Object(value) !== value)
  // Pino adds the messages of all causes, and what wraps an error here quotes it.
  return { ...Object.fromEntries(told), message: error.message }
}
