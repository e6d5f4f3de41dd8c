import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { TurnCounter } from './turn-counter.js'

export type ServerLimits = {
  /** For a request to arrive in full. */
  requestSeconds: number
  /** For a connection on which nothing happens. */
  keepAliveSeconds: number
  /** Connections at the same time; further ones are hung up on at once. */
  connections: number
}

/** No browser and no proxy sends a second request before the first is answered; a few are forgiven. */
const requestsAtOnce = 4
/** What the shortcut answers is answered at once; more of it in one turn keeps everybody else waiting. */
const shortcutsAtOnce = 32

/** Answers a request if it can, and tells whether it did. */
export type Shortcut = (req: IncomingMessage, res: ServerResponse) => boolean

const unanswered = Symbol('requests without an answer')
type CountedSocket = Socket & { [unanswered]?: number }

/**
 * Makes Node's server with the limits that it lacks by default: times, connections, and requests that come on one
 * connection without waiting for answers. Those fill memory with answers which nobody reads.
 */
export function createNodeServer(handle: RequestListener, limits: ServerLimits, shortcut: Shortcut): Server {
  const silenceMs = (limits.requestSeconds + limits.keepAliveSeconds) * 1000
  const turnCounter = new TurnCounter()
  // While the server closes, its clients are told so, the usual way. What the shortcut answers at once is not counted as
  // unanswered, but where another answer is waited for, its own would wait too.
  const mayCutShort = ({ socket }: IncomingMessage) =>
    server.listening && !isWaiting(socket) && turnCounter.count(socket) <= shortcutsAtOnce
  const server = createServer(
    {
      requestTimeout: limits.requestSeconds * 1000,
      headersTimeout: limits.requestSeconds * 1000,
      keepAliveTimeout: limits.keepAliveSeconds * 1000,
      // Node looks for slow clients every 30 s by default: a limit of 10 s would be one of 40.
      connectionsCheckingInterval: 1000,
    },
    (req, res) => {
      if (mayCutShort(req) && take(shortcut, req, res)) {
        if (req.socket.writableLength > 0) req.socket.setTimeout(silenceMs)
        return
      }
      // Not by `server.setTimeout`: that is a timer for each request, also where the answer is already on its way.
      req.socket.setTimeout(silenceMs)
      if (count(req.socket, 1) > requestsAtOnce) {
        req.socket.destroy()
        return
      }
      res.on('close', discount)
      handle(req, res)
    },
  )
  server.maxConnections = limits.connections
  // Node leaves out what comes after the thousandth line, also that a header came twice. They are bounded by the 16 KiB
  // that names and values may have together.
  server.maxHeadersCount = 0
  return server
}

/** Whatever fails on the shortcut fails again the usual way, where it is answered and logged. */
function take(shortcut: Shortcut, req: IncomingMessage, res: ServerResponse): boolean {
  try {
    return shortcut(req, res)
  } catch {
    // Half an answer cannot be taken back, and an error thrown from here would end the process.
    if (res.headersSent) req.socket.destroy()
    // Node keeps it of a head that could not be written.
    res.statusMessage = ''
    return res.headersSent
  }
}

function isWaiting(socket: CountedSocket): boolean {
  return (socket[unanswered] ?? 0) > 0
}

function count(socket: CountedSocket, change: 1 | -1): number {
  return (socket[unanswered] = (socket[unanswered] ?? 0) + change)
}

/** One function for all answers: a new one for each would cost every request of every app. */
function discount(this: ServerResponse): void {
  count(this.req.socket, -1)
}
