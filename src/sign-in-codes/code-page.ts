import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ShownStepPage } from '../second-factor/shown-step.js'
import { purposeOf } from '../second-factor/step-place.js'
import { appAt } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import type { AwaitingCode, CodeEntrance } from './code-entrance.js'
import type { CodePageCreator } from './code-page-creator.js'
import type { CodeState, MailedCodes } from './mailed-codes.js'
import { wordUnsent } from './word-unsent.js'

export type CodePageParts = {
  codeEntrance: CodeEntrance
  mailedCodes: MailedCodes
  codePageCreator: CodePageCreator
  now: () => Date
}

const expired: Notice<'code'> = {
  heading: 'The code has expired',
  text: 'You need not begin again. Send a new code to go on.',
  isNews: true,
}
/** For who came here from another method, and has asked for none. */
const none: Notice<'code'> = { heading: 'No code is on its way', text: 'Send one to go on.', isNews: true }

/** The page of the mailed code, which tells how long it counts. */
export class CodePage implements ShownStepPage<AwaitingCode> {
  readonly #parts: CodePageParts

  constructor(parts: CodePageParts) {
    this.#parts = parts
  }

  /** See `ShownStepPage`. */
  enter(req: FastifyRequest, reply: FastifyReply): Promise<AwaitingCode | null> {
    return this.#parts.codeEntrance.enterForCode(req, reply)
  }

  /** See `ShownStepPage`. */
  async build(
    { pending, redirectUrl, url }: AwaitingCode,
    notice: Notice<'code'> | null,
    isTrustWanted: boolean,
  ): Promise<string> {
    const { mailedCodes, codePageCreator } = this.#parts
    const code = await mailedCodes.findCode(pending)
    const { account, address, isAddressConfirmed, methods } = pending
    const form = {
      purpose: purposeOf(pending),
      username: account.username,
      address: address.email,
      isAddressConfirmed,
      redirectUrl,
      app: appAt(url),
      isTrustWanted,
      methods: methods.map(({ name }) => name),
    }
    return codePageCreator.buildCodePage(form, code, notice ?? this.#wordState(pending, code))
  }

  #wordState({ unsent, methods }: AwaitingCode['pending'], code: CodeState | null): Notice<'code'> | null {
    if (unsent !== null) return wordUnsent(unsent, this.#parts.now())
    if (code !== null && code.secondsLeft > 0) return null
    // Long after it has expired a code is swept away.
    return code === null && methods[0].name !== 'emailCode' ? none : expired
  }
}
