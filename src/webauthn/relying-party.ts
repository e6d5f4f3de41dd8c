import type { FastifyRequest } from 'fastify'
import { isIpHostname } from '../http/is-ip-hostname.js'
import { ownOrigin } from '../http/own-origin.js'

/** Whom passkeys are for: Web Authentication, sections 4 ("Relying Party Identifier") and 13.4.9. */
export type RelyingParty = {
  /** The host by which authenticators know it. */ id: string
  /** The only one whose pages may use its passkeys. */ origin: string
}

/**
 * @param publicOrigin `PUBLIC_URL`; null: as the request says, which is believed for `localhost` alone
 * @returns null where browsers have no passkeys
 */
export function findRelyingParty(req: FastifyRequest, publicOrigin: string | null): RelyingParty | null {
  const origin = ownOrigin(req, publicOrigin)
  const { hostname: id } = new URL(origin)
  const isOurs = publicOrigin !== null || id === 'localhost'
  return isOurs && mayHavePasskeys(origin) ? { id, origin } : null
}

/** Whether browsers have passkeys at an origin: not on plain http, nor at addresses that are no names. */
export function mayHavePasskeys(origin: string): boolean {
  const { hostname, protocol } = new URL(origin)
  if (hostname === 'localhost') return true
  return protocol === 'https:' && !isIpHostname(hostname)
}
