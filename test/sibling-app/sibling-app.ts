import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type SiblingApp = { origin: string; close: () => Promise<void> }

export type SiblingAppSettings = {
  /** 0 takes any free port. */
  port: number
  /** Where Latchkey is open, such as `http://localhost:3000`; asked at each request. */
  latchkeyOrigin: () => string
}

/**
 * The smallest app that signs people in with Latchkey: it links to the login page, and asks `GET /api/session` with
 * the cookie it received. That cookie reaches it because browsers share cookies between the ports of `localhost`.
 */
export async function startSiblingApp({ port, latchkeyOrigin }: SiblingAppSettings): Promise<SiblingApp> {
  const server = createServer(async (request, reply) => {
    const html = await buildPage(request, latchkeyOrigin()).catch(
      () => `<h1>Latchkey cannot be reached</h1>\n<p>It should be open at ${escape(latchkeyOrigin())}.</p>`,
    )
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

async function buildPage(request: IncomingMessage, latchkeyOrigin: string): Promise<string> {
  const here = encodeURIComponent(`http://${request.headers.host}${request.url}`)
  const username = await findUsername(request, latchkeyOrigin)
  if (username === null) {
    return `<h1>Hello, stranger</h1>
<p><a href="${escape(latchkeyOrigin)}/login?redirectUrl=${here}">Sign in with Latchkey</a></p>`
  }
  return `<h1>Hello, ${escape(username)}</h1>
<p><a href="${escape(latchkeyOrigin)}/logout?redirectUrl=${here}">Sign out</a></p>`
}

async function findUsername(request: IncomingMessage, latchkeyOrigin: string): Promise<string | null> {
  const { cookie } = request.headers
  const response = await fetch(`${latchkeyOrigin}/api/session`, { headers: cookie ? { cookie } : {} })
  if (response.status === 401) return null
  if (!response.ok) throw new Error(`Latchkey answered ${response.status}`)
  const { username } = (await response.json()) as { username: string }
  return username
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
