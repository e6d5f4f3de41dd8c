import type { Letter } from '../mail/letter.js'
import { wordDuration } from '../sign-in/word-duration.js'

export type EmailCodeLetterValues = {
  serviceName: string
  to: string
  /** As the keeper issued it. */
  code: string
  validitySeconds: number
} & Occasion

// Nobody has confirmed the address that is to be confirmed: what its owner reads there must not be a stranger's choice of words.
type Occasion = { purpose: 'confirmEmail' } | { purpose: 'recoverAccount'; username: string }

/** The letter that carries a code. */
export function emailCodeLetter(values: EmailCodeLetterValues): Letter {
  const { serviceName, to, code, validitySeconds } = values
  const { reason, advice } = wordOccasion(values, serviceName)
  return {
    to: { address: to },
    subject: `Your code for ${serviceName}`,
    text: `Hello,

${reason}

    ${code}

Type it into the page that asked for it. It works once, for ${wordDuration(validitySeconds)}.

Nobody from ${serviceName} will ever ask you for this code. Give it to no one.

${advice}
`,
  }
}

function wordOccasion(occasion: Occasion, serviceName: string) {
  switch (occasion.purpose) {
    case 'confirmEmail':
      return {
        reason: `here is the code that confirms this e-mail address at ${serviceName}:`,
        advice:
          'Did you not ask for it? Then somebody may have mistyped their own address. You need to do nothing: without ' +
          'the code your address is not used.',
      }
    case 'recoverAccount':
      return {
        reason: `here is the code to choose a new password for your account ${occasion.username} at ${serviceName}:`,
        advice:
          'Did you not ask for it? Then somebody else typed your username. You need to do nothing: without the code ' +
          'your password stays as it is.',
      }
  }
}
