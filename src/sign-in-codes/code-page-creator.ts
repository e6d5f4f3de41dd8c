import { signInCodeField } from '../email-codes/email-code-words.js'
import type { View } from '../http/view.js'
import type { StepName } from '../second-factor/second-step-method.js'
import { stepPlace, type StepPurpose } from '../second-factor/step-place.js'
import { wordOtherSteps } from '../second-factor/word-other-steps.js'
import { wordStepPurpose } from '../second-factor/word-step-purpose.js'
import type { App } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { wordDuration } from '../sign-in/word-duration.js'
import type { CodeState } from './mailed-codes.js'
import { maskEmail } from './mask-email.js'

export type CodeForm = {
  purpose: StepPurpose
  /** Whose code it is. */ username: string
  /** Where it goes. */ address: string
  /** Whether that address is known to be theirs. */ isAddressConfirmed: boolean
  redirectUrl: string
  /** Where the browser goes afterwards; null when it is a page of Latchkey. */ app: App | null
  isTrustWanted: boolean
  /** What may be shown here. */ methods: readonly StepName[]
}

export type CodePageSettings = {
  /** False where letters go to the log, as at a first try. */ sendsMail: boolean
  /** How many codes are mailed to one account. */ mailsPerHour: number
  /** How long a browser may be trusted; 0 for not at all. */ trustSeconds: number
}

/** Words and HTML of the page that asks for the code at sign-in. It knows no HTTP and decides nothing. */
export class CodePageCreator {
  readonly #view: View
  readonly #settings: CodePageSettings

  constructor(view: View, settings: CodePageSettings) {
    this.#view = view
    this.#settings = settings
  }

  /**
   * @param code null when none was sent
   * @param notice why there is no code, or why the one that was typed was not taken; null for the page as it is first seen
   */
  buildCodePage(form: CodeForm, code: CodeState | null, notice: Notice<'code'> | null): Promise<string> {
    const { sendsMail, mailsPerHour, trustSeconds } = this.#settings
    const { purpose, username, address, isAddressConfirmed, redirectUrl, app, isTrustWanted, methods } = form
    const frame = wordStepPurpose(purpose, { title: 'Enter your code', redirectUrl, trustSeconds })
    const addressOf = (path: `/login/${string}`) => signInAddress(stepPlace(purpose, path), redirectUrl)
    return this.#view('sign-in-codes/code', {
      title: notice === null ? frame.heading : `${notice.heading} – ${frame.heading.toLowerCase()}`,
      ...frame,
      scripts: ['code-time.js'],
      notice,
      messages: notice?.messages ?? {},
      field: signInCodeField,
      username,
      app,
      isTrustWanted,
      address: isAddressConfirmed ? maskEmail(address) : address,
      emailUrl: isAddressConfirmed ? null : addressOf('/login/email'),
      arrival: 'If it is not there yet, look among the spam, too.',
      time: code === null || code.secondsLeft === 0 ? null : wordTime(code),
      sendsMail,
      mailsPerHour,
      others: wordOtherSteps(purpose, 'emailCode', methods, redirectUrl),
      codeUrl: addressOf('/login/code'),
      sendUrl: addressOf('/login/code/send'),
    })
  }
}

/** Pages know nobody's time zone, hence UTC; scripts count the seconds down, whatever the clock of the browser says. */
function wordTime({ secondsLeft, expiresAt }: CodeState) {
  return {
    secondsLeft,
    left: wordSeconds(secondsLeft),
    until: `${expiresAt.toISOString().slice(11, 19)} UTC`,
    dateTime: expiresAt.toISOString(),
  }
}

/** Exactly, as whoever types a code has to know. */
function wordSeconds(seconds: number): string {
  return seconds < 120 ? `${seconds} second${seconds === 1 ? '' : 's'}` : wordDuration(seconds)
}
