import { isIpHostname } from '../http/is-ip-hostname.js'
import type { MailAddress } from '../mail/letter.js'
import { parseSender } from '../mail/parse-sender.js'
import { parseSmtpUrl } from '../mail/parse-smtp-url.js'
import type { SmtpServer } from '../mail/smtp-server.js'
import type { Environment } from './environment.js'

type Surroundings = { serviceName: string; publicOrigin: string | null }

/** Reads how letters leave, and in whose name; complaints go to `environment`. */
export function readMailSettings(environment: Environment, { serviceName, publicOrigin }: Surroundings) {
  return {
    /** Null: letters are written to the log. */
    server: readSmtpServer(environment),
    from: { name: serviceName, ...readSender(environment, publicOrigin) },
  }
}

function readSmtpServer(environment: Environment): SmtpServer | null {
  const text = environment.text('SMTP_URL')
  if (text === null) return null
  const server = parseSmtpUrl(text)
  if (server !== null) return server
  environment.report(
    'SMTP_URL must look like smtp://user:password@mail.example.com:587, or smtps:// for TLS from the start, with special ' +
      'characters of user and password percent-encoded, and nothing behind it but ?requireTLS=true or ?requireTLS=false ' +
      '(its value is not shown).',
  )
  return null
}

function readSender(environment: Environment, publicOrigin: string | null): MailAddress {
  const text = environment.text('MAIL_FROM')
  if (text === null) return { address: `latchkey@${mailDomain(publicOrigin)}` }
  const sender = parseSender(text)
  if (sender !== null) return sender
  environment.report(
    `MAIL_FROM must be an address such as login@example.com or Example <login@example.com>, not "${text}".`,
  )
  return { address: text }
}

function mailDomain(publicOrigin: string | null): string {
  const hostname = publicOrigin === null ? 'localhost' : new URL(publicOrigin).hostname
  return isIpHostname(hostname) ? 'localhost' : hostname
}
