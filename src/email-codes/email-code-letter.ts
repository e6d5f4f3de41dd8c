import type { Letter } from '../mail/letter.js'
import { wordDuration } from '../sign-in/word-duration.js'

export type EmailCodeLetterValues = {
  serviceName: string
  to: string
  /** As the keeper issued it. */
  code: string
  validitySeconds: number
} & EmailCodeOccasion

// Nobody has confirmed the address that is to be confirmed: what its owner reads there must not be a stranger's choice of words.
export type EmailCodeOccasion =
  | { purpose: 'confirmEmail' }
  | { purpose: 'recoverAccount' | 'signIn' | 'proof'; username: string }

/** What a letter that carries a code says, a paragraph each. */
export type EmailCodeWords = {
  subject: string
  reason: string
  code: string
  use: string
  warning: string
  advice: string
}

/** The letter that carries a code, as plain text. */
export function emailCodeLetter(values: EmailCodeLetterValues): Letter {
  const { subject, reason, code, use, warning, advice } = wordEmailCodeLetter(values)
  return {
    to: { address: values.to },
    subject,
    text: `Hello,

${reason}

    ${code}

${use}

${warning}

${advice}
`,
  }
}

/** The words of that letter, whatever it is written in. */
export function wordEmailCodeLetter(values: EmailCodeLetterValues): EmailCodeWords {
  const { serviceName, code, validitySeconds } = values
  return {
    subject: `Your code for ${serviceName}`,
    code,
    use: `Type it into the page that asked for it. It works once, for ${wordDuration(validitySeconds)}.`,
    warning: `Nobody from ${serviceName} will ever ask you for this code. Give it to no one.`,
    ...wordOccasion(values, serviceName),
  }
}

function wordOccasion(occasion: EmailCodeOccasion, serviceName: string) {
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
    case 'signIn':
      return {
        reason: `here is the code to sign in to your account ${occasion.username} at ${serviceName}:`,
        advice:
          'Did you not just sign in? Then somebody else knows your password. Without the code it does not let them in; ' +
          'sign in yourself and choose a new one.',
      }
    case 'proof':
      return {
        reason:
          `here is the code to confirm that it is you who wants to change something in your account ` +
          `${occasion.username} at ${serviceName}:`,
        advice:
          'Did you not ask for it? Then somebody else is signed in to your account. Without the code they change ' +
          'nothing; choose a new password in your profile, which signs them out.',
      }
  }
}
