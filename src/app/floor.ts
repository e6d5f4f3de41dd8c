import type { FastifyInstance } from 'fastify'

/** What a floor brings into the house beside the things that floors above it use. */
export type Floor = {
  handlers: readonly { addRoutes: (app: FastifyInstance) => void }[]
  /** Work beside requests: started (what does not start by itself) before the port is opened, stopped when it is closed. */
  upkeep: readonly { start?: () => void | Promise<void>; stop: () => Promise<void> }[]
}
