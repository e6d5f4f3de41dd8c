import type { WarningLog } from '../database/database.js'
import type { Letter } from './letter.js'
import type { Mailer, MailOutcome } from './mailer.js'

/** Writes letters into the log while no mail server is set, so that everything can be tried. */
export class LogMailer implements Mailer {
  readonly #log: WarningLog

  constructor(log: WarningLog) {
    this.#log = log
  }

  /** See `Mailer`. */
  async send({ to, subject, text }: Letter): Promise<MailOutcome> {
    const letter = `To: ${to.address}\nSubject: ${subject}\n\n${text}`
    this.#log.warn({}, `SMTP_URL is not set, so this letter is not sent but written here:\n\n${letter}`)
    return { kind: 'sent' }
  }

  /** See `Mailer`. */
  async close(): Promise<void> {
    // Nothing is open.
  }
}
