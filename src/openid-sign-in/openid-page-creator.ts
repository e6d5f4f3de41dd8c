import type { View } from '../http/view.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { Errand } from './errand.js'
import { setOutPaths } from './set-out-paths.js'
import type { OpenidProblem } from './openid-problem.js'
import { wordOpenidProblem } from './word-openid-problem.js'

/** Words and HTML of the pages that say why another service leads no further. It knows no HTTP and decides nothing. */
export class OpenidPageCreator {
  readonly #view: View
  readonly #name: string

  /** @param settings.name of the other service */
  constructor(view: View, settings: { name: string }) {
    this.#view = view
    this.#name = settings.name
  }

  /** @param errand what the browser had set out for; null where that is not known */
  buildProblemPage(
    problem: OpenidProblem,
    errand: Pick<Errand, 'purpose' | 'redirectUrl'> | null,
  ): Promise<string> {
    const { purpose, redirectUrl } = errand ?? { purpose: 'signIn', redirectUrl: '' }
    const again = { url: signInAddress(setOutPaths[purpose], redirectUrl), label: `Try ${this.#name} again` }
    return this.#view('openid-sign-in/problem', {
      ...wordOpenidProblem(problem, this.#name),
      again: problem.kind === 'identityTaken' ? null : again,
      recoverUrl: problem.kind === 'notRecent' ? '/recover' : null,
      back:
        purpose === 'signIn'
          ? { url: signInAddress('/login', redirectUrl), label: 'Back to the sign-in page' }
          : { url: '/profile', label: 'Back to your profile' },
    })
  }
}
