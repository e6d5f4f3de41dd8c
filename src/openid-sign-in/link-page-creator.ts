import type { View } from '../http/view.js'
import type { App } from '../sibling-apps/app-at.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { wordDay } from '../sign-in/word-day.js'
import { confirmAddress } from '../sudo-mode/confirm-address.js'
import { linkMark } from './link-mark.js'
import type { LinkedIdentity } from './linked-identity-store.js'
import { setOutPaths } from './set-out-paths.js'
import type { ServiceNames } from './service-names.js'

export type LinkState = {
  hasPassword: boolean
  identities: readonly LinkedIdentity[]
  /** Whether they have shown a short time ago that it is them. */ mayChange: boolean
  /** Of the session. */ token: string
  /** Where they go afterwards, as asked for; empty when it was not. */ redirectUrl: string
  /** The same; null when it is a page of Latchkey. */ app: App | null
}

/** Words and HTML of the page that says by which other services somebody can sign in. */
export class LinkPageCreator {
  readonly #view: View
  readonly #names: ServiceNames

  constructor(view: View, names: ServiceNames) {
    this.#view = view
    this.#names = names
  }

  /** @param path of the page itself */
  buildLinkPage({ token, redirectUrl, ...state }: LinkState, path: `/${string}`): Promise<string> {
    const { linkable } = this.#names
    const isLinked = state.identities.some(({ issuer }) => issuer === linkable?.issuer)
    return this.#view('openid-sign-in/link', {
      title: 'Other ways to sign in',
      section: 'profile',
      ...state,
      linked: state.identities.map(({ issuer, linkedAt }) => ({
        issuer,
        name: this.#names.nameOf(issuer),
        since: wordDay(linkedAt),
      })),
      linkName: linkable === null || isLinked ? null : linkable.name,
      isNothingOffered: linkable === null && state.identities.length === 0,
      linkUrl: signInAddress(`${setOutPaths.link}?mark=${linkMark(token)}`, redirectUrl),
      confirmUrl: confirmAddress(signInAddress(path, redirectUrl)),
    })
  }
}
