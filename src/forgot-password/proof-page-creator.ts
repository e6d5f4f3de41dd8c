import { emailCodeArrival, emailCodeField } from '../email-codes/email-code-words.js'
import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { TypedProblem } from './read-typed-field.js'
import type { BeginForm } from './recover-request-parser.js'
import type { SimpleProofMethod } from '../recovery/recovery-method.js'
import { wordTypedProblem } from './word-typed-problem.js'

export type ProofForm = BeginForm & {
  /** As it was entered before, so that a slip can be found; empty at first. */ typed: string
  /** Whether another code was just asked for. */ isSentAgain?: boolean
}

const pages: {
  [method in SimpleProofMethod]: {
    heading: string
    lead: string
    label: string
    hint: string
    autocomplete: string
    inputmode?: string
  }
} = {
  passkey: {
    heading: 'Enter your recovery passkey',
    lead: 'It was shown to you once, to keep. Using it here also unlocks a locked account.',
    label: 'Recovery passkey',
    hint: 'Six groups of four. Capitals and dashes do not matter.',
    autocomplete: 'off',
  },
  email: {
    heading: 'Enter the code from your e-mail',
    lead: `A mail with a code is on its way to the address that you have confirmed here. ${emailCodeArrival}`,
    ...emailCodeField,
  },
  code: {
    heading: 'Enter your reset code',
    lead: 'Whoever runs this service can give you one, when no other way is left. It can be used once.',
    label: 'Reset code',
    hint: 'Six groups of four. Capitals and dashes do not matter.',
    autocomplete: 'off',
  },
}

/** In place of the lead where nobody may learn which accounts exist, and what they have. */
const emailLeadForAll = `If this account has a confirmed e-mail address, a mail with a code is on its way there. ${emailCodeArrival}`

// Whether one was sent is not told: how many an account was sent is nobody else's business.
const emailLeadAgain =
  'Another mail with a code is on its way, unless several have been sent already. Only the newest code counts.'

export type ProofPageSettings = {
  /** How many codes are mailed to one account. */
  mailsPerHour: number
  revealAccountExistence: boolean
}

/** Words and HTML of the pages that ask for one thing to prove an account. It knows no HTTP and decides nothing. */
export class ProofPageCreator {
  readonly #view: View
  readonly #settings: ProofPageSettings

  constructor(view: View, settings: ProofPageSettings) {
    this.#view = view
    this.#settings = settings
  }

  /** @param notice why what was entered before was not taken; null for the page as it is first seen */
  buildProofPage(
    method: SimpleProofMethod,
    form: ProofForm,
    notice: Notice<'proof'> | null = null,
  ): Promise<string> {
    const { heading, ...page } = pages[method]
    const { redirectUrl } = form
    const { mailsPerHour, revealAccountExistence } = this.#settings
    return this.#view('forgot-password/proof', {
      title: notice === null ? heading : `${notice.heading} – forgot password`,
      heading,
      notice,
      messages: notice?.messages ?? {},
      proofUrl: signInAddress(`/recover/${method}`, redirectUrl),
      sendUrl: method === 'email' ? signInAddress('/recover/email/send?again=yes', redirectUrl) : null,
      mailsPerHour,
      methodUrl: signInAddress('/recover/method', redirectUrl),
      ...page,
      ...(method === 'email' ? { lead: wordEmailLead(form, revealAccountExistence) } : {}),
      ...form,
    })
  }

  /** The page with what is wrong beside the field. */
  buildProofErrorPage(method: SimpleProofMethod, form: BeginForm, reason: TypedProblem): Promise<string> {
    const proof = wordTypedProblem(pages[method].label.toLowerCase(), reason)
    return this.buildProofPage(
      method,
      { ...form, typed: '' },
      {
        heading: 'Please check what you entered',
        messages: { proof },
      },
    )
  }
}

function wordEmailLead({ isSentAgain }: ProofForm, revealAccountExistence: boolean): string {
  if (isSentAgain === true) return emailLeadAgain
  return revealAccountExistence ? pages.email.lead : emailLeadForAll
}
