import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DeviceCookie } from '../http/device-cookie.js'
import { Door, type DoorParts, type SignedIn } from '../sign-in/door.js'
import type { ProofDetour } from './proof-detour.js'

export type SensitiveDoorParts = DoorParts & { deviceCookie: DeviceCookie; proofDetour: ProofDetour }

/** The door of pages on which something is changed: whom their forms cannot ask proves elsewhere who they are, before anything is typed. */
export class SensitiveDoor extends Door {
  readonly #deviceCookie: DeviceCookie
  readonly #proofDetour: ProofDetour

  constructor({ deviceCookie, proofDetour, ...parts }: SensitiveDoorParts) {
    super(parts)
    this.#deviceCookie = deviceCookie
    this.#proofDetour = proofDetour
  }

  /** See `Door`. */
  override async admit(
    req: FastifyRequest,
    reply: FastifyReply,
    returnPath: string,
  ): Promise<SignedIn | null> {
    const signedIn = await super.admit(req, reply, returnPath)
    if (signedIn === null) return null
    const isFormSent = req.method === 'POST'
    const deviceToken = this.#deviceCookie.read(req)
    const detour = await this.#proofDetour.find(signedIn, deviceToken, returnPath, isFormSent)
    if (detour === null) return signedIn
    reply.redirect(detour, 303)
    return null
  }
}
