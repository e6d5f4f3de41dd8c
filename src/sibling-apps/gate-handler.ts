import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { TrustedPeers } from '../http/trusted-peers.js'
import type { SessionFinder } from '../sessions/session-finder.js'
import type { Session } from '../sessions/session-store.js'
import type { AccessRules } from './access-rules.js'
import {
  addressOf,
  readForwardedTarget,
  readOriginalTarget,
  type ForwardedTarget,
  type ForwardedTargetReading,
} from './forwarded-target.js'
import type { GatePageCreator } from './gate-page-creator.js'
import type { RedirectPolicy } from './redirect-policy.js'
import { remoteHeaders } from './remote-headers.js'
import { wantsHtml } from './wants-html.js'

export type GateHandlerParts = {
  sessionFinder: SessionFinder
  redirectPolicy: RedirectPolicy
  accessRules: AccessRules
  trustedPeers: TrustedPeers
  gatePageCreator: GatePageCreator
  publicOrigin: string | null
}

/** One of the two ways in which proxies ask. */
type Gate = {
  url: string
  readTarget: (headers: IncomingHttpHeaders) => ForwardedTargetReading
  /** Whether the proxy hands a redirect on to the browser; nginx takes nothing but 401 and 403. */
  redirects: boolean
}

const gates: readonly Gate[] = [
  { url: '/api/authz/forward-auth', readTarget: readForwardedTarget, redirects: true },
  { url: '/api/authz/auth-request', readTarget: readOriginalTarget, redirects: false },
]

/**
 * Traefik, Caddy and nginx ask by GET, HAProxy by HEAD; Traefik (`preserveRequestMethod`) and HAProxy (`*`) can be set to
 * ask by the method of the request in question. None of them changes anything here.
 */
const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Methods after which a browser repeats the request as it was. */
const repeatedMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Tells a proxy in front of a sibling app who is asking for what, and whether to let them in. A query of the question is
 * not looked at: guides for Authelia name the portal in it, and Caddy may hand on that of the app.
 */
export class GateHandler {
  readonly #parts: GateHandlerParts
  readonly #pageHeaders: Record<string, string>

  constructor(parts: GateHandlerParts) {
    this.#parts = parts
    // The page is shown at the app's address, where 'self' would be the app.
    const own = parts.publicOrigin ?? "'none'"
    this.#pageHeaders = {
      'content-security-policy': `default-src 'none'; style-src ${own}; img-src ${own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    }
  }

  addRoutes(app: FastifyInstance): void {
    // A room of its own for the parsers: whatever body comes along with a question is not looked at.
    void app.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_req, _body, parsed) => parsed(null))
      for (const gate of gates) {
        scope.route({
          url: gate.url,
          method: methods,
          config: { changesNothing: true },
          handler: (req, reply) => this.#answer(gate, req, reply),
        })
      }
      done()
    })
  }

  /** Nothing is awaited where memory knows the session: every request of every app passes here. */
  #answer(gate: Gate, req: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
    const { sessionFinder, redirectPolicy, trustedPeers, publicOrigin } = this.#parts
    if (!trustedPeers.trusts(req)) return refuse(req, reply, untrusted(req))
    if (publicOrigin === null)
      return refuse(req, reply, 'PUBLIC_URL is not set, so nobody could be sent to sign in.')
    const target = gate.readTarget(req.headers)
    if (target.kind === 'malformed') return refuse(req, reply, target.problem)
    if (!redirectPolicy.allows(target.origin, publicOrigin))
      return refuse(req, reply, notAllowed(target.origin))

    const decide = (session: Session | null) => {
      if (session === null) return this.#askToSignIn(gate, target, req, reply, publicOrigin)
      return this.#letIn(target, session, req, reply, publicOrigin)
    }
    const known = sessionFinder.recall(req)
    return known === null
      ? sessionFinder.find(req).then((held) => decide(held?.session ?? null))
      : decide(known)
  }

  #letIn(
    target: ForwardedTarget,
    session: Session,
    req: FastifyRequest,
    reply: FastifyReply,
    origin: string,
  ): FastifyReply | Promise<FastifyReply> {
    const isPermitted = this.#parts.accessRules.permits(target.origin.hostname, target.path, session.groups)
    return isPermitted
      ? reply.headers(remoteHeaders(session)).send()
      : this.#forbid(target, session, req, reply, origin)
  }

  async #askToSignIn(
    gate: Gate,
    target: ForwardedTarget,
    req: FastifyRequest,
    reply: FastifyReply,
    origin: string,
  ): Promise<FastifyReply> {
    const decision = this.#parts.redirectPolicy.decide(addressOf(target), origin)
    if (decision.kind === 'refused') return refuse(req, reply, 'The address is too long to come back to.')
    const loginUrl = `${origin}/login?redirectUrl=${encodeURIComponent(decision.url)}`
    forApp(reply).header('location', loginUrl)
    const isHtml = wantsHtml(req.headers)
    // 303 makes a GET of what the browser does next: a POST would otherwise be sent to the login page.
    if (isHtml && gate.redirects) return reply.code(repeatedMethods.has(target.method) ? 302 : 303).send()
    if (!isHtml) return reply.code(401).send({ error: 'notSignedIn', loginUrl })
    const page = await this.#parts.gatePageCreator.buildSignInNeededPage({ origin, loginUrl })
    return sendHtml(reply.headers(this.#pageHeaders), 401, page)
  }

  async #forbid(
    target: ForwardedTarget,
    { accountId, username, groups }: Session,
    req: FastifyRequest,
    reply: FastifyReply,
    origin: string,
  ): Promise<FastifyReply> {
    req.log.info({ accountId, host: target.origin.host }, 'access was refused by a rule')
    const address = target.origin.origin + target.path
    // Signing out leads back to the app, and from there to the login page.
    const back = this.#parts.redirectPolicy.decide(addressOf(target), origin)
    const switchUrl = `${origin}/logout?redirectUrl=${encodeURIComponent(back.kind === 'allowed' ? back.url : target.origin.origin)}`
    forApp(reply)
    if (!wantsHtml(req.headers)) {
      const message = `${username} has no access to ${address}.`
      return reply.code(403).send({ error: 'forbidden', message, username, switchUrl })
    }
    const page = await this.#parts.gatePageCreator.buildForbiddenPage({
      username,
      address,
      homeUrl: this.#homeOf(target, groups),
      origin,
      switchUrl,
    })
    return sendHtml(reply.headers(this.#pageHeaders), 403, page)
  }

  /** The start page of the app; null when that is just as closed. */
  #homeOf({ origin }: ForwardedTarget, groups: readonly string[]): string | null {
    return this.#parts.accessRules.permits(origin.hostname, '/', groups) ? origin.href : null
  }
}

/** Proxies hand this answer on as one of the app, whose other hosts are not ours to promise https for. */
function forApp(reply: FastifyReply): FastifyReply {
  return reply.removeHeader('strict-transport-security')
}

function refuse(req: FastifyRequest, reply: FastifyReply, message: string): FastifyReply {
  req.log.info({ reason: message }, 'a question of a proxy was refused')
  return forApp(reply).code(400).send({ error: 'invalidRequest', message, requestId: req.id })
}

function untrusted(req: FastifyRequest): string {
  const peer = req.raw.socket.remoteAddress ?? 'an unknown address'
  return `This request comes from ${peer}, which is not listed in TRUSTED_PROXIES, so its headers are not believed.`
}

function notAllowed({ origin }: URL): string {
  return `The origin ${origin} is neither under COOKIE_DOMAIN nor listed in ALLOWED_REDIRECT_ORIGINS.`
}
