import { join } from 'node:path'
import { parse as parseQuery } from 'node:querystring'
import fastifyCookie from '@fastify/cookie'
import fastifyFormbody from '@fastify/formbody'
import fastifyView from '@fastify/view'
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { projectFolder } from '../project-folder.js'
import { answerBrokenConnection } from './broken-connection.js'
import { refuseCrossSitePosts } from './cross-site-check.js'
import { ErrorHandler } from './error-handler.js'
import { ErrorPageCreator } from './error-page-creator.js'
import { LazyLogger } from './lazy-logger.js'
import { answerOtherMethods } from './method-check.js'
import { createNodeServer, type ServerLimits, type Shortcut } from './node-server.js'
import { noSchemas } from './no-schemas.js'
import { createRequestNumbers } from './request-numbers.js'
import { SecurityHeaders } from './security-headers.js'
import { StaticAssets } from './static-assets.js'
import { Templates } from './templates.js'

export type ServerSettings = {
  logger: FastifyBaseLogger
  serviceName: string
  publicOrigin: string | null
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  trustedProxies: readonly string[]
  /** Content-Security-Policy sources that a form may lead to, beside Latchkey itself; a new array when they change. */
  formTargets: () => readonly string[]
  limits: ServerLimits
  /** Answers some requests before Fastify, without content and with these headers among others. Tells whether it did. */
  shortcut?: (...request: [...Parameters<Shortcut>, headers: readonly string[]]) => boolean
}

/** Twice the largest form of Latchkey: the longest password and address, each percent-encoded. */
const bodyLimitBytes = 32 * 1024

/**
 * Sets up Fastify: time limits, parsers, templates, security headers, cross-site check and error pages.
 * It knows no page and no capability.
 *
 * @param addRoutes lets the rooms add theirs, before the server is closed for more
 */
export async function createServer(
  settings: ServerSettings,
  addRoutes: (app: FastifyInstance) => void,
): Promise<FastifyInstance> {
  const views = join(projectFolder, 'views')
  const assets = new StaticAssets(join(views, 'assets'))
  const templates = new Templates(views, {
    serviceName: settings.serviceName,
    asset: (name) => assets.url(name),
  })
  const securityHeaders = new SecurityHeaders(settings)
  const errorHandler = new ErrorHandler(new ErrorPageCreator((...page) => app.view(...page)))
  const shortcut: Shortcut = (req, res) => settings.shortcut?.(req, res, securityHeaders.ofNoContent) ?? false
  const app = fastify({
    loggerInstance: settings.logger,
    schemaController: noSchemas,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: createRequestNumbers(),
    childLoggerFactory: (logger, bindings, options) => new LazyLogger(() => logger.child(bindings, options)),
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    // Fastify's own parser keeps bytes that are no UTF-8 as `%FF`; this one makes U+FFFD of them, which is refused.
    routerOptions: { querystringParser: (query) => parseQuery(query) },
    bodyLimit: bodyLimitBytes,
    serverFactory: (handle) => createNodeServer(handle, settings.limits, shortcut),
    // While the server closes, a request on an open connection is still served.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenConnection,
    frameworkErrors: (error, request, reply) => {
      // No hook has run for it.
      securityHeaders.put(request, reply)
      return errorHandler.handleError(error, request, reply)
    },
  })

  app.addHook('onRequest', (request, reply, done) => {
    securityHeaders.put(request, reply)
    done()
  })
  refuseCrossSitePosts(app, settings.publicOrigin)
  answerOtherMethods(app)
  // Forms are the only bodies, unless a room asks for JSON: what Fastify parses by default comes in other shapes.
  app.removeAllContentTypeParsers()
  await app.register(fastifyFormbody, { parser: (form) => parseQuery(form) })
  // Without its hooks: cookies are read and written where they are wanted, not looked at in every request and answer.
  await app.register(fastifyCookie, { hook: false })
  await app.register(fastifyView, {
    engine: { eta: templates },
    templates: views,
    production: true,
  })
  app.setErrorHandler((error, request, reply) => errorHandler.handleError(error, request, reply))
  app.setNotFoundHandler((request, reply) => errorHandler.handleNotFound(request, reply))
  assets.addRoutes(app)
  addRoutes(app)
  return app
}
