import type { IncomingHttpHeaders } from 'node:http'
import { readForwardedTarget, readOriginalTarget, type ForwardedTargetReading } from './forwarded-target.js'

/** One of the two ways in which proxies ask. */
export type Gate = {
  url: string
  readTarget: (headers: IncomingHttpHeaders) => ForwardedTargetReading
  /** Whether the proxy hands a redirect on to the browser; nginx takes nothing but 401 and 403. */
  redirects: boolean
}

/** Under the paths of Authelia, which guides for hundreds of apps name. */
export const gates: readonly Gate[] = [
  { url: '/api/authz/forward-auth', readTarget: readForwardedTarget, redirects: true },
  { url: '/api/authz/auth-request', readTarget: readOriginalTarget, redirects: false },
]
