import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export type Received = { method: string; url: string; headers: IncomingHttpHeaders; body: string }

/** An app that knows nothing of sessions: it shows the name that its proxy told, and keeps all that it got. */
export async function startEchoApp(t: Test): Promise<{ address: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { method = '', url = '', headers } = request
    if (url !== '/favicon.ico') received.push({ method, url, headers, body })
    reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    reply.end(`<!doctype html><html lang="en"><title>App</title>
      <h1>Hello, ${String(headers['remote-user'])}</h1>
      <form method="post" action="/letters?to=all"><label>Letter <input name="letter"></label><button>Send</button></form>
      <a href="https://login.example.com/logout?redirectUrl=https://app.example.com/inbox">Leave</a></html>`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}
