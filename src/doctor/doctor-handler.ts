import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { getOnly } from '../http/get-only.js'
import { hashToken } from '../secrets/hash-token.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import type { DoctorProbeStore } from './doctor-probe-store.js'
import { plainAddress } from './plain-address.js'
import type { DoctorAnswer, SightingSettings } from './sighting.js'

const shown = /^(?:host|via|forwarded|x-real-ip|x-forwarded-.*|remote[-_](?:user|name|email|groups))$/

export type DoctorHandlerParts = {
  doctorProbeStore: DoctorProbeStore
  /** Asked at each request, since allowed origins change. */
  settings: () => SightingSettings
  now: () => Date
}

/** Tells `latchkey doctor` what the service sees of it. For everybody else there is no such page. */
export class DoctorHandler {
  readonly #parts: DoctorHandlerParts

  constructor(parts: DoctorHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/api/doctor', getOnly, (req, reply) => this.#showSighting(req, reply))
  }

  async #showSighting(req: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { doctorProbeStore, settings, now } = this.#parts
    const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1]
    const before = now().getTime()
    const databaseTime = isTokenShaped(token) ? await doctorProbeStore.use(hashToken(token)) : null
    if (databaseTime === null) {
      reply.callNotFound()
      return
    }
    const between = (before + now().getTime()) / 2
    req.log.info("the operator's doctor has called")
    const answer: DoctorAnswer = {
      latchkeyDoctor: {
        scheme: req.protocol,
        host: req.host,
        clientAddress: plainAddress(req.ip),
        peerAddress: plainAddress(req.socket.remoteAddress ?? ''),
        peerPort: req.socket.remotePort ?? 0,
        headers: shownHeaders(req.raw.rawHeaders),
        clockOffsetMs: Math.round(between - databaseTime.getTime()),
        settings: settings(),
      },
    }
    await reply.send(answer)
  }
}

function shownHeaders(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    if (shown.test(name)) pairs.push([name, raw[index + 1] ?? ''])
  }
  return pairs
}
