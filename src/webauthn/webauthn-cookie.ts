import type { FastifyReply, FastifyRequest } from 'fastify'
import { HostCookie } from '../http/host-cookie.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import { challengeSeconds, type ChallengeHolder } from './challenge-desk.js'

/** The cookie that binds a challenge to the browser that it was issued to. It signs nobody in. */
export class WebauthnCookie {
  readonly #cookie: HostCookie

  constructor(settings: { publicOrigin: string | null }) {
    this.#cookie = new HostCookie({
      ...settings,
      name: 'latchkey_webauthn',
      validitySeconds: challengeSeconds,
    })
  }

  /** Null when this browser holds none, several, or something that cannot be one. */
  read(req: FastifyRequest): ChallengeHolder | null {
    const token = this.#cookie.read(req)
    return isTokenShaped(token) ? { purpose: 'get', holder: token } : null
  }

  /** One token for all tabs of a browser. */
  readOrWrite(req: FastifyRequest, reply: FastifyReply): ChallengeHolder {
    const held = this.read(req) ?? { purpose: 'get', holder: createRandomToken() }
    this.#cookie.write(reply, held.holder)
    return held
  }
}
