import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { DoctorAnswer, Sighting } from './sighting.js'

const patienceMs = 10_000
const longestAnswer = 100_000

export type AskOutcome =
  | {
      kind: 'answered'
      sighting: Sighting
      hasHsts: boolean
      /** Of this end of the connection. */
      localAddress: string
      localPort: number
    }
  | { kind: 'redirected'; location: string }
  /** Latchkey answers, but does not know the probe. */
  | { kind: 'unknownProbe' }
  /** Something answers. */
  | { kind: 'notLatchkey'; statusCode: number }
  | { kind: 'unreachable'; code: string; message: string }

/**
 * Asks the service what it sees, the way people reach it.
 *
 * @param url the public address
 * @param probe a token of its own for each request
 * @param headers what to forge
 */
export async function askPublicAddress(
  url: URL,
  probe: string,
  headers: Record<string, string>,
): Promise<AskOutcome> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'unreachable', code: error.code ?? '', message: error.message })
    const asking = request(new URL('/api/doctor', url), {
      agent: false,
      signal: AbortSignal.timeout(patienceMs),
      headers: { ...headers, authorization: `Bearer ${probe}`, accept: 'application/json' },
    })
    asking.once('error', fail)
    asking.once('response', (response) => {
      const { localAddress = '', localPort = 0 } = response.socket
      readText(response).then(
        (text) => resolve(understand(response, text, { localAddress, localPort })),
        fail,
      )
    })
    asking.end()
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) if (text.length < longestAnswer) text += String(chunk)
  return text
}

function understand(
  { statusCode = 0, headers }: IncomingMessage,
  text: string,
  end: { localAddress: string; localPort: number },
): AskOutcome {
  if (statusCode >= 300 && statusCode < 400) return { kind: 'redirected', location: headers.location ?? '' }
  const answer = parse(text)
  if (statusCode === 200 && isDoctorAnswer(answer)) {
    const hasHsts = headers['strict-transport-security'] !== undefined
    return { kind: 'answered', sighting: answer.latchkeyDoctor, hasHsts, ...end }
  }
  const isLatchkey = headers['x-request-id'] !== undefined && typeof answer === 'object' && answer !== null
  if (statusCode === 404 && isLatchkey && 'requestId' in answer) return { kind: 'unknownProbe' }
  return { kind: 'notLatchkey', statusCode }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isDoctorAnswer(answer: unknown): answer is DoctorAnswer {
  return typeof answer === 'object' && answer !== null && 'latchkeyDoctor' in answer
}
