import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DeviceCookie } from '../http/device-cookie.js'
import { hangUpSignal } from '../http/hang-up-signal.js'
import type { Visitor } from './visitor.js'

/** Real ones are shorter; whatever is longer is only kept in part. */
const longestUserAgent = 256

/** Finds out where a request comes from. */
export class VisitorReader {
  readonly #deviceCookie: DeviceCookie

  constructor(deviceCookie: DeviceCookie) {
    this.#deviceCookie = deviceCookie
  }

  read(req: FastifyRequest, reply: FastifyReply): Visitor {
    return {
      clientAddress: req.ip,
      userAgent: req.headers['user-agent']?.slice(0, longestUserAgent) || null,
      deviceToken: this.#deviceCookie.read(req),
      signal: hangUpSignal(reply),
    }
  }
}
