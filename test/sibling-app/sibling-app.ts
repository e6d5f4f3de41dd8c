import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifySession } from '../../src/sibling-apps/session-verifier.js'

export type SiblingApp = { origin: string; close: () => Promise<void> }

export type SiblingAppSettings = {
  /** 0 takes any free port. */
  port: number
  /** Where Latchkey is open, such as `http://localhost:3000`; asked at each request. */
  latchkeyOrigin: () => string
}

/**
 * The smallest app that signs people in with Latchkey: it links to the login page, and asks at every request who is
 * signed in, by the cookie it received. That cookie reaches it because browsers share cookies between the ports of
 * `localhost`.
 */
export async function startSiblingApp({ port, latchkeyOrigin }: SiblingAppSettings): Promise<SiblingApp> {
  const server = createServer(async (request, reply) => {
    const html = await buildPage(request, latchkeyOrigin())
    reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    reply.end(`${head}${html}\n</main>\n</html>\n`)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, close }
}

const head = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Sibling app</title>
<main>
`

async function buildPage(request: IncomingMessage, latchkeyUrl: string): Promise<string> {
  const returnTo = `http://${request.headers.host}${request.url}`
  const person = await verifySession({ latchkeyUrl, request, returnTo })
  if ('username' in person) {
    return `<h1>Hello, ${escape(person.name)}</h1>
<p><a href="${escape(latchkeyUrl)}/logout?redirectUrl=${encodeURIComponent(returnTo)}">Sign out</a></p>`
  }
  if (person.problem !== undefined) {
    return `<h1>Latchkey cannot be reached</h1>\n<p>It should be open at ${escape(latchkeyUrl)}.</p>`
  }
  return `<h1>Hello, stranger</h1>
<p><a href="${escape(person.loginUrl)}">Sign in with Latchkey</a></p>`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
