import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { TrustedPeers } from '../http/trusted-peers.js'
import type { Session } from '../sessions/session-store.js'
import type { AccessRules } from './access-rules.js'
import type { ForwardedTarget } from './forwarded-target.js'
import type { Gate } from './gates.js'
import type { RedirectPolicy } from './redirect-policy.js'

export type GatekeeperParts = {
  redirectPolicy: RedirectPolicy
  accessRules: AccessRules
  trustedPeers: TrustedPeers
  publicOrigin: string | null
}

/** What a proxy asks for; `problem` is a sentence for the operator. */
export type GateQuestion =
  | { kind: 'target'; target: ForwardedTarget; /** Where people sign in. */ origin: string }
  | { kind: 'refused'; problem: string }

/** Understands what proxies ask, and knows who may open what. */
export class Gatekeeper {
  readonly #parts: GatekeeperParts

  constructor(parts: GatekeeperParts) {
    this.#parts = parts
  }

  /** Reads what is asked for; believes only proxies that the operator listed. */
  read(gate: Gate, { socket, headers }: { socket: Socket; headers: IncomingHttpHeaders }): GateQuestion {
    const { redirectPolicy, trustedPeers, publicOrigin } = this.#parts
    if (!trustedPeers.trusts(socket)) return refuse(untrusted(socket))
    if (publicOrigin === null) return refuse('PUBLIC_URL is not set, so nobody could be sent to sign in.')
    const target = gate.readTarget(headers)
    if (target.kind === 'malformed') return refuse(target.problem)
    if (!redirectPolicy.allows(target.origin, publicOrigin)) return refuse(notAllowed(target.origin))
    return { kind: 'target', target, origin: publicOrigin }
  }

  /** Whether the account of this session may open it. */
  permits({ origin, path }: ForwardedTarget, { groups }: Session): boolean {
    return this.#parts.accessRules.permits(origin.hostname, path, groups)
  }

  /** The start page of the app; null when that is closed to these groups, too. */
  homeOf({ origin }: ForwardedTarget, { groups }: Session): string | null {
    return this.#parts.accessRules.permits(origin.hostname, '/', groups) ? origin.href : null
  }
}

function refuse(problem: string): GateQuestion {
  return { kind: 'refused', problem }
}

function untrusted({ remoteAddress }: Socket): string {
  const peer = remoteAddress ?? 'an unknown address'
  return `This request comes from ${peer}, which is not listed in TRUSTED_PROXIES, so its headers are not believed.`
}

function notAllowed({ origin }: URL): string {
  return `The origin ${origin} is neither under COOKIE_DOMAIN nor listed in ALLOWED_REDIRECT_ORIGINS.`
}
