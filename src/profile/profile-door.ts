import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PasskeyReminder } from '../recovery-passkey/passkey-reminder.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { OnwardDoor, Visit } from '../sign-in/onward-door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'

export type ProfileDoorParts = { door: Door; onwardDoor: OnwardDoor; passkeyReminder: PasskeyReminder }

/** The way into every page behind the door: for who is signed in, and has nothing to write down first. */
export class ProfileDoor {
  readonly #parts: ProfileDoorParts

  constructor(parts: ProfileDoorParts) {
    this.#parts = parts
  }

  /**
   * @param path of the page that this browser comes back to
   * @returns null when the browser was sent (303) to sign in, or to its recovery passkey
   */
  async admit(req: FastifyRequest, reply: FastifyReply, path: string): Promise<SignedIn | null> {
    const signedIn = await this.#parts.door.admit(req, reply, path)
    return signedIn !== null && (await this.#mayEnter(reply, signedIn, path)) ? signedIn : null
  }

  /**
   * Like `admit`, for a page on the way to an app.
   *
   * @param path without a query
   */
  async admitOnward(req: FastifyRequest, reply: FastifyReply, path: `/${string}`): Promise<Visit | null> {
    const visit = await this.#parts.onwardDoor.admit(req, reply, path)
    if (visit === null) return null
    const returnPath = signInAddress(path, visit.address)
    return (await this.#mayEnter(reply, visit.signedIn, returnPath)) ? visit : null
  }

  /** See `Door`. */
  handOver(reply: FastifyReply, signedIn: SignedIn): void {
    this.#parts.door.handOver(reply, signedIn)
  }

  async #mayEnter(reply: FastifyReply, signedIn: SignedIn, path: string): Promise<boolean> {
    const detour = await this.#parts.passkeyReminder.detour(signedIn, path)
    if (detour !== null) reply.redirect(detour, 303)
    return detour === null
  }
}
