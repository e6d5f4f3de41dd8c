// Sends one letter by the server that it is told, says what came of it, and leaves: `node send-one-letter.js <SMTP_URL>`.
import { parseSmtpUrl } from '../../src/mail/parse-smtp-url.js'
import { SmtpMailer } from '../../src/mail/smtp-mailer.js'

const server = parseSmtpUrl(process.argv[2] ?? '')
if (server === null) throw new Error('no SMTP_URL was given')
const log = { warn: (details: object) => process.stderr.write(JSON.stringify(details)) }
const mailer = new SmtpMailer({ server, from: { address: 'latchkey@example.org' }, log })
const letter = { to: { address: 'anna@example.org' }, subject: 'Hello', text: 'Hello' }
process.stdout.write((await mailer.send(letter)).kind)
await mailer.close()
