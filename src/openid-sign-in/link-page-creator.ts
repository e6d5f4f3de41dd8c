import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDay } from '../sign-in/word-day.js'
import type { LinkedIdentity } from './linked-identity-store.js'
import { setOutPaths } from './set-out-paths.js'
import type { ServiceNames } from './service-names.js'

export type LinkState = {
  username: string
  hasPassword: boolean
  identities: readonly LinkedIdentity[]
  /** Whether they have shown a short time ago that it is them. */ mayChange: boolean
}

/** Words and HTML of the page that says by which other services somebody can sign in. */
export class LinkPageCreator {
  readonly #view: View
  readonly #names: ServiceNames

  constructor(view: View, names: ServiceNames) {
    this.#view = view
    this.#names = names
  }

  /** @param notice why the password was not taken; null for the page as it is first seen */
  buildLinkPage(state: LinkState, notice: Notice<'currentPassword'> | null): Promise<string> {
    const { linkable } = this.#names
    const isLinked = state.identities.some(({ issuer }) => issuer === linkable?.issuer)
    return this.#view('openid-sign-in/link', {
      title: notice === null ? 'Other ways to sign in' : `${notice.heading} – other ways to sign in`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      ...state,
      linked: state.identities.map(({ issuer, linkedAt }) => ({
        issuer,
        name: this.#names.nameOf(issuer),
        since: wordDay(linkedAt),
      })),
      linkName: linkable === null || isLinked ? null : linkable.name,
      isNothingOffered: linkable === null && state.identities.length === 0,
      linkUrl: setOutPaths.link,
    })
  }
}
