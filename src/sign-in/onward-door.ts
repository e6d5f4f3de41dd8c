import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import { appAt, type App } from '../sibling-apps/app-at.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { Door, SignedIn } from './door.js'
import { signInAddress } from './sign-in-address.js'

/** Somebody who is signed in, and where they are going from here. */
export type Visit = {
  signedIn: SignedIn
  /** As asked for; empty when it was not. */ address: string
  /** As it is sent. */ url: string
  /** Null when it is a page of Latchkey. */ app: App | null
}

export type OnwardDoorParts = {
  door: Door
  destinationReader: DestinationReader
  refusedRedirectPageCreator: RefusedRedirectPageCreator
}

/** The door of those pages of Latchkey that lead on to somewhere else, which is kept in mind over signing in. */
export class OnwardDoor {
  readonly #parts: OnwardDoorParts

  constructor(parts: OnwardDoorParts) {
    this.#parts = parts
  }

  /**
   * @param path of the page, without a query
   * @returns null when they may not go there or are not signed in, which is answered then
   * @throws DatabaseUnavailable
   */
  async admit(req: FastifyRequest, reply: FastifyReply, path: `/${string}`): Promise<Visit | null> {
    const { door, destinationReader, refusedRedirectPageCreator } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      sendHtml(reply, 400, await refusedRedirectPageCreator.buildRefusedRedirectPage(destination.refusal))
      return null
    }
    const { address, url } = destination
    const signedIn = await door.admit(req, reply, signInAddress(path, address))
    return signedIn === null ? null : { signedIn, address, url, app: appAt(url) }
  }
}
