import type { View } from './view.js'

export type ErrorNotice = { statusCode: number; code: string; requestId: string; retryUrl: string | null }
type ErrorWords = { title: string; message: string }

const wordsByCode: Partial<Record<string, ErrorWords>> = {
  crossSite: {
    title: 'This form came from another website',
    message: 'It was not accepted, and nothing has changed. Open the page here and try again.',
  },
  invalidHost: {
    title: 'This address cannot be used',
    message: 'The request does not say which host it is meant for.',
  },
}

const wordsByStatus: Partial<Record<number, ErrorWords>> = {
  404: { title: 'There is no such page', message: 'The address may be mistyped, or the page has moved.' },
  405: { title: 'This page cannot be used that way', message: 'Open it in the browser instead.' },
  408: { title: 'That took too long', message: 'The request did not arrive in time. Please try again.' },
  413: {
    title: 'That was too much',
    message: 'What was sent is larger than any form here. Shorten it and try again.',
  },
  415: {
    title: 'That format is not understood',
    message: 'Pages take web forms only, and addresses below /api/ take JSON only.',
  },
  429: { title: 'Too many attempts', message: 'Please wait a little, then try again.' },
  500: {
    title: 'Something went wrong on our side',
    message: 'It has been recorded. If it happens again, tell whoever runs this service the number below.',
  },
  503: {
    title: 'Just a moment, please',
    message: 'The service cannot answer right now. Nothing is lost: wait a few seconds, then try again.',
  },
}
const otherRefusal: ErrorWords = {
  title: 'That request cannot be understood',
  message: 'Something in it is not as it should be. Go back and try again.',
}

/** Pages for whatever goes wrong outside a form. Never shows what was thrown, only the request's id. */
export class ErrorPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** The HTML page for `notice`; its retry link leads to the same page again, where it was going included. */
  buildErrorPage(notice: ErrorNotice): Promise<string> {
    const words = wordsByCode[notice.code] ?? wordsByStatus[notice.statusCode] ?? otherRefusal
    return this.#view('http/error', { ...words, ...notice })
  }
}
