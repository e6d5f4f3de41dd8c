import type { View } from '../http/view.js'

const longestShown = 300

/**
 * The pages of the gate. Proxies show them at the address of the app, so they name Latchkey's own origin in every link
 * and need no script.
 */
export class GatePageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** The page for somebody who is signed in but may not open the app. */
  buildForbiddenPage(page: {
    username: string
    address: string
    origin: string
    /** Where this account may go in the same app. */
    homeUrl: string | null
    switchUrl: string
  }): Promise<string> {
    return this.#view('sibling-apps/forbidden', {
      ...page,
      title: 'This account may not open that page',
      address: shorten(page.address),
    })
  }

  /** The page for somebody who is not signed in, where the proxy does not redirect by itself. */
  buildSignInNeededPage(page: { origin: string; loginUrl: string }): Promise<string> {
    return this.#view('sibling-apps/sign-in-needed', { ...page, title: 'Please sign in' })
  }
}

function shorten(address: string): string {
  return address.length > longestShown ? `${address.slice(0, longestShown)}…` : address
}
