// For apps, not for Latchkey: one file without imports, to be copied or imported.

/** Who is signed in. */
export type SignedIn = {
  /** Belongs to this person alone and stays the same: what an app knows them by. */
  username: string
  /** What they want to be called, for showing only: anybody can choose any. */
  name: string
  /** Theirs for sure; null when they have none, or have not confirmed it. */
  email: string | null
  groups: string[]
  /** As `Date.toISOString` writes it. */
  expiresAt: string
}

/** Nobody is signed in, as far as can be known. */
export type NotSignedIn = {
  /** Where to send the browser. */
  loginUrl: string
  /** Why it cannot be known right now; to be answered with 503, as signing in again would not help. */
  problem?: string
}

export type VerifySessionQuestion = {
  /** Where Latchkey is open for this app, such as `https://login.example.com`. */
  latchkeyUrl: string
  /** A request as Node's `http`, Express, Fastify or `fetch` have it. */
  request: { headers: Headers | Partial<Record<string, string | string[]>> }
  /** The whole address to come back to after signing in. */
  returnTo?: string
  /** How long Latchkey may take for its answer, in milliseconds. */
  timeoutMs?: number
}

/**
 * Asks Latchkey who sent a request. Only Latchkey's own cookie, or a Bearer token, leaves the app. Never throws: what
 * cannot be verified counts as not signed in. Ask at every request, so that signing out counts at once.
 */
export async function verifySession(question: VerifySessionQuestion): Promise<SignedIn | NotSignedIn> {
  const { latchkeyUrl, request, returnTo, timeoutMs = 2000 } = question
  const back = (loginUrl: string) =>
    returnTo === undefined ? loginUrl : `${loginUrl}?redirectUrl=${encodeURIComponent(returnTo)}`
  const base = latchkeyUrl.replace(/\/+$/, '')
  try {
    const response = await fetch(`${base}/api/session`, {
      headers: { accept: 'application/json', ...readProof(request.headers) },
      // An answer from elsewhere is none.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer: unknown = await response.json()
    if (response.status === 200 && isSignedIn(answer)) return answer
    if (response.status === 401 && isNotSignedIn(answer)) return { loginUrl: back(answer.loginUrl) }
    return { loginUrl: back(`${base}/login`), problem: `Latchkey answered ${response.status}.` }
  } catch (error) {
    return { loginUrl: back(`${base}/login`), problem: `Latchkey did not answer: ${String(error)}` }
  }
}

function readProof(headers: VerifySessionQuestion['request']['headers']): Record<string, string> {
  const read = (name: string) => {
    const value = headers instanceof Headers ? headers.get(name) : headers[name]
    return Array.isArray(value) ? value.join('; ') : (value ?? '')
  }
  const authorization = read('authorization')
  if (/^bearer /i.test(authorization)) return { authorization }
  const cookies = read('cookie')
    .split(';')
    .map((pair) => pair.trim())
  const own = cookies.filter((pair) => /^(__Host-|__Secure-)?latchkey_session=/.test(pair))
  return own.length === 0 ? {} : { cookie: own.join('; ') }
}

function isSignedIn(answer: unknown): answer is SignedIn {
  const { username, groups, expiresAt } = (answer ?? {}) as Partial<Record<string, unknown>>
  const isWhole = typeof username === 'string' && username !== '' && Array.isArray(groups)
  return isWhole && typeof expiresAt === 'string' && Date.parse(expiresAt) > 0
}

function isNotSignedIn(answer: unknown): answer is NotSignedIn {
  const { loginUrl } = (answer ?? {}) as Partial<Record<string, unknown>>
  return typeof loginUrl === 'string' && /^https?:\/\//.test(loginUrl)
}
