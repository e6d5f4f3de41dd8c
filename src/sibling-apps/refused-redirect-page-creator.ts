import type { View } from '../http/view.js'
import { parseOriginPattern } from './origin-pattern.js'
import type { RedirectRefusal } from './redirect-policy.js'

const longestShown = 300

/** The page for an address that nobody may be sent to: names it, and tells the operator what would allow it. */
export class RefusedRedirectPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  buildRefusedRedirectPage(refusal: RedirectRefusal): Promise<string> {
    // Nothing is shown for an operator to copy into a shell that could not be an allowed origin: hosts may hold `$(`.
    const origin = parseOriginPattern(refusal.origin ?? '')?.source ?? null
    return this.#view('sibling-apps/refused-redirect', {
      title: 'We cannot send you there',
      address: shorten(refusal.address),
      reason: wordReason(refusal.reason),
      setting: origin === null ? null : `ALLOWED_REDIRECT_ORIGINS=${origin}`,
      command: `npx latchkey origins allow ${origin}`,
    })
  }
}

function wordReason(reason: RedirectRefusal['reason']): string {
  switch (reason) {
    case 'notAllowed':
      return 'It is not one of the apps that this service signs people in for.'
    case 'notAnAddress':
      return 'It is not the address of a web page.'
    case 'tooLong':
      return 'It is longer than any address that can be handed on.'
  }
}

function shorten(address: string): string {
  return address.length > longestShown ? `${address.slice(0, longestShown)}…` : address
}
