import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import { clearForNoContent } from '../http/security-headers.js'
import type { SessionFinder } from '../sessions/session-finder.js'
import type { Session } from '../sessions/session-store.js'
import { addressOf, type ForwardedTarget } from './forwarded-target.js'
import type { GatePageCreator } from './gate-page-creator.js'
import type { Gatekeeper } from './gatekeeper.js'
import { gates, type Gate } from './gates.js'
import type { RedirectPolicy } from './redirect-policy.js'
import { remoteHeaders } from './remote-headers.js'
import { wantsHtml } from './wants-html.js'

export type GateHandlerParts = {
  sessionFinder: SessionFinder
  redirectPolicy: RedirectPolicy
  gatekeeper: Gatekeeper
  gatePageCreator: GatePageCreator
  publicOrigin: string | null
}

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

  async #answer(gate: Gate, req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { sessionFinder, gatekeeper } = this.#parts
    const question = gatekeeper.read(gate, req.raw)
    if (question.kind === 'refused') return refuse(req, reply, question.problem)
    const { target, origin } = question
    const held = await sessionFinder.find(req)
    if (held === null) return this.#askToSignIn(gate, target, req, reply, origin)
    const { session } = held
    if (gatekeeper.permits(target, session))
      return clearForNoContent(reply).headers(remoteHeaders(session)).send()
    return this.#forbid(target, session, req, reply, origin)
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
    session: Session,
    req: FastifyRequest,
    reply: FastifyReply,
    origin: string,
  ): Promise<FastifyReply> {
    const { accountId, username } = session
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
      homeUrl: this.#parts.gatekeeper.homeOf(target, session),
      origin,
      switchUrl,
    })
    return sendHtml(reply.headers(this.#pageHeaders), 403, page)
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
