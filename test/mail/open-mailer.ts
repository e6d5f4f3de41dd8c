import type { Test } from 'tap'
import { parseSmtpUrl } from '../../src/mail/parse-smtp-url.js'
import { SmtpMailer, type SmtpMailerParts } from '../../src/mail/smtp-mailer.js'
import { MailLog } from './mail-log.js'

export const letter = {
  to: { address: 'anna@example.org' },
  subject: 'Your code',
  text: 'It is 1234 5678.\n',
}

/** A mailer as SMTP_URL would make it, closed when the test ends. */
export function openMailer(
  t: Test,
  url: string,
  parts: Partial<SmtpMailerParts> = {},
): { mailer: SmtpMailer; log: MailLog } {
  const server = parseSmtpUrl(url)
  if (server === null) throw new Error(`${url} is none`)
  const log = new MailLog()
  const mailer = new SmtpMailer({ server, from: { address: 'latchkey@example.org' }, log, ...parts })
  t.teardown(() => mailer.close())
  return { mailer, log }
}
