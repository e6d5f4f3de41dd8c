import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PasskeyReminder } from '../recovery-passkey/passkey-reminder.js'
import type { Door, SignedIn } from '../sign-in/door.js'

/** The way into every page behind the door: for who is signed in, and has nothing to write down first. */
export class ProfileDoor {
  readonly #door: Door
  readonly #passkeyReminder: PasskeyReminder

  constructor(door: Door, passkeyReminder: PasskeyReminder) {
    this.#door = door
    this.#passkeyReminder = passkeyReminder
  }

  /**
   * @param path of the page that this browser comes back to
   * @returns null when the browser was sent (303) to sign in, or to its recovery passkey
   */
  async admit(req: FastifyRequest, reply: FastifyReply, path: string): Promise<SignedIn | null> {
    const signedIn = await this.#door.admit(req, reply, path)
    if (signedIn === null) return null
    const detour = await this.#passkeyReminder.detour(signedIn, path)
    if (detour === null) return signedIn
    reply.redirect(detour, 303)
    return null
  }

  /** See `Door`. */
  handOver(reply: FastifyReply, signedIn: SignedIn): void {
    this.#door.handOver(reply, signedIn)
  }
}
