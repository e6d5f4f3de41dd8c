import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

/** A body, with another status than 200 if need be; or the connection is closed, or what is said never ends. */
type Saying = { body: string; status?: number } | 'nothing' | 'no end' | 'headers alone'

export type CaptchaService = {
  url: string
  /** What it was asked, and how. */
  asked: { method: string; contentType: string; fields: Record<string, string> }[]
  /** What it says from now on: a verdict, or something else altogether. */
  judges: (verdict: object) => void
  says: (saying: Saying) => void
}

/** A stand-in for the servers of reCAPTCHA, hCaptcha and Turnstile that verify what their captchas have made. */
export async function startCaptchaService(t: Test): Promise<CaptchaService> {
  const asked: CaptchaService['asked'] = []
  let saying: Saying = 'nothing'
  const server = createServer((request, response) => {
    const { method = '', headers } = request
    const answer = async () => {
      const body = await text(request)
      const fields = Object.fromEntries(new URLSearchParams(body))
      asked.push({ method, contentType: headers['content-type'] ?? '', fields })
      if (saying === 'nothing') request.destroy()
      else if (saying === 'no end') babble(response)
      else if (saying === 'headers alone') response.writeHead(200).flushHeaders()
      else response.writeHead(saying.status ?? 200, { location: '/elsewhere' }).end(saying.body)
    }
    void answer()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/siteverify`,
    asked,
    judges: (verdict) => {
      saying = { body: JSON.stringify(verdict) }
    },
    says: (next) => {
      saying = next
    },
  }
}

function babble(response: ServerResponse): void {
  response.writeHead(200).write('{"success":true,"x":"')
  const talking = setInterval(() => response.write('x'.repeat(16_384)), 1)
  response.on('close', () => clearInterval(talking))
}
