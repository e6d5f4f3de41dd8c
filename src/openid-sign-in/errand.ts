import { createHmac } from 'node:crypto'
import { SealedBox } from '../secrets/sealed-box.js'

const purposes = ['signIn', 'link', 'prove'] as const

/** What a browser is sent to another service for. */
export type Errand = {
  purpose: (typeof purposes)[number]
  /** Where it was going, as asked for; empty when it did not ask. */
  redirectUrl: string
  /** The session that it is done in; null for signing in. */
  sessionId: string | null
  setOutAt: Date
}

/** What travels with an errand, each to be found again in the answer or with the browser. */
export type ErrandPapers = {
  state: string
  /** To be found in the ID token. */ nonce: string
  /** For PKCE, RFC 7636. */ codeVerifier: string
}

const boxPurpose = 'openid errand'

/**
 * Seals an errand into the `state` (RFC 6749, section 4.1.1) that comes back with the browser: it is kept nowhere, however
 * many set out, and each tab has its own. Only who holds the token can open it. That is the browser itself, which could
 * as well make one up: nothing in it is a permission.
 *
 * @param browserToken of 256 random bits, which the browser keeps in a cookie
 */
export function sealErrand(browserToken: string, errand: Errand): ErrandPapers {
  const { purpose, redirectUrl, sessionId, setOutAt } = errand
  const content = Buffer.from(JSON.stringify([purpose, redirectUrl, sessionId, setOutAt.getTime()]))
  const box = new SealedBox(browserToken, boxPurpose).seal(content, '')
  return derivePapers(browserToken, box.toString('base64url'))
}

/** @returns the errand of a `state`, and its papers; null when another browser set out with it, or nobody did */
export function openErrand(
  browserToken: string,
  state: string,
): { errand: Errand; papers: ErrandPapers } | null {
  const content = new SealedBox(browserToken, boxPurpose).open(Buffer.from(state, 'base64url'), '')
  if (content === null) return null
  const errand = readErrand(content.toString())
  if (errand === null) return null
  // Of two ways to write the same bytes one is the `state`, or it could come back twice.
  const papers = derivePapers(browserToken, Buffer.from(state, 'base64url').toString('base64url'))
  return { errand, papers }
}

function readErrand(json: string): Errand | null {
  const content: unknown = JSON.parse(json)
  if (!Array.isArray(content)) return null
  const [name, redirectUrl, sessionId, setOutAt] = content as readonly unknown[]
  const purpose = purposes.find((each) => each === name)
  if (purpose === undefined || typeof redirectUrl !== 'string' || typeof setOutAt !== 'number') return null
  if (sessionId !== null && typeof sessionId !== 'string') return null
  return { purpose, redirectUrl, sessionId, setOutAt: new Date(setOutAt) }
}

/** Without the token neither can be told from the state, which addresses and logs show. */
function derivePapers(browserToken: string, state: string): ErrandPapers {
  const derive = (use: string) =>
    createHmac('sha256', browserToken).update(`${use} ${state}`).digest('base64url')
  return { state, nonce: derive('nonce'), codeVerifier: derive('code verifier') }
}
