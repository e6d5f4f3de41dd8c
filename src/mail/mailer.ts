import type { Letter } from './letter.js'

export type MailOutcome =
  /** Handed over to the mail server. */
  | { kind: 'sent' }
  /** The mail server has the letter and did not say in time whether it takes it: it mostly arrives, perhaps later. */
  | { kind: 'unanswered' }
  /** The mail server does not take this letter, or mail for its address; trying again changes nothing. */
  | { kind: 'refused' }
  /** The mail server could not be reached or would not serve now; trying again may help. */
  | { kind: 'failed' }

/** The way out for letters. */
export type Mailer = {
  /** Sends one letter, within 10 seconds. Trouble with mail is logged once, without what the letter says; never throws. */
  send: (letter: Letter) => Promise<MailOutcome>
  /** Hangs up; letters on their way fail. */
  close: () => Promise<void>
}
