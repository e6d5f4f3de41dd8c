import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'

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

/**
 * Makes Node's server with the limits that it lacks by default: times, connections, and requests that come on one
 * connection without waiting for answers. Those fill memory with answers which nobody reads.
 */
export function createNodeServer(handle: RequestListener, limits: ServerLimits): Server {
  const unanswered = new WeakMap<Socket, number>()
  const count = (socket: Socket, change: number) => {
    const requests = (unanswered.get(socket) ?? 0) + change
    unanswered.set(socket, requests)
    return requests
  }
  const server = createServer(
    {
      requestTimeout: limits.requestSeconds * 1000,
      headersTimeout: limits.requestSeconds * 1000,
      keepAliveTimeout: limits.keepAliveSeconds * 1000,
      // Node looks for slow clients every 30 s by default: a limit of 10 s would be one of 40.
      connectionsCheckingInterval: 1000,
    },
    (req, res) => {
      const { socket } = req
      if (count(socket, 1) > requestsAtOnce) {
        socket.destroy()
        return
      }
      res.once('close', () => count(socket, -1))
      handle(req, res)
    },
  )
  server.setTimeout((limits.requestSeconds + limits.keepAliveSeconds) * 1000)
  server.maxConnections = limits.connections
  return server
}
