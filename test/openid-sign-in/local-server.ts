import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export type LocalServer = {
  origin: string
  /** Answers from now on. */
  answerBy: (listener: (request: IncomingMessage, response: ServerResponse) => void) => void
  close: () => Promise<void>
}

/** A port on this machine, before anybody knows who will answer there. */
export async function openLocalServer(t: Test): Promise<LocalServer> {
  let answer = (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(503).end()
  }
  const server = createServer((request, response) => answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  t.teardown(close)
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    answerBy: (listener) => {
      answer = listener
    },
    close,
  }
}
