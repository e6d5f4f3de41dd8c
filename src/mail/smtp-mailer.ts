import type { SendMailOptions } from 'nodemailer'
import type { WarningLog } from '../database/database.js'
import { isMailAddress } from './is-mail-address.js'
import type { Letter, MailAddress } from './letter.js'
import type { Mailer, MailOutcome } from './mailer.js'
import { isRefusal, readSmtpFailure } from './smtp-failure.js'
import type { SmtpServer } from './smtp-server.js'

// One more than the outbox uses, so that a letter somebody waits for finds one that is free.
const connections = 3
const idleMs = 60_000
const defaultPatience = { connectMs: 5_000, silenceMs: 5_000, sendingMs: 10_000 }

/** In milliseconds: until a server has greeted, until it answers a command, and for all of a letter. */
type Patience = typeof defaultPatience

/** A letter of which we hear when the server has all of it. */
type ToldMail = SendMailOptions & { onHandedOver?: () => void }

export type SmtpMailerParts = {
  server: SmtpServer
  from: MailAddress
  log: WarningLog
  patience?: Patience
}

/** Hands letters over to a mail server. Knows SMTP, and nothing of what letters are for. */
export class SmtpMailer implements Mailer {
  readonly #parts: Required<SmtpMailerParts>
  #transport: ReturnType<typeof openTransport> | undefined

  constructor(parts: SmtpMailerParts) {
    this.#parts = { patience: defaultPatience, ...parts }
  }

  /** See `Mailer`. */
  async send({ to, subject, text, html }: Letter): Promise<MailOutcome> {
    const { server, from, log, patience } = this.#parts
    if (!isMailAddress(to.address)) {
      log.warn({}, 'a letter was not sent: its address is none')
      return { kind: 'refused' }
    }
    let isHandedOver = false
    const onHandedOver = () => {
      isHandedOver = true
    }
    try {
      this.#transport ??= openTransport(server, patience)
      const transport = await this.#transport
      const mail: ToldMail = {
        // Addresses as objects: those in text are taken apart, at commas for example.
        from: { name: from.name ?? '', address: from.address },
        to: { name: to.name ?? '', address: to.address },
        subject,
        text,
        ...(html === undefined ? {} : { html }),
        // RFC 3834: nobody's holiday notice answers.
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.timeout(patience.sendingMs),
        onHandedOver,
      }
      await transport.sendMail(mail)
      return { kind: 'sent' }
    } catch (error) {
      const failure = readSmtpFailure(error)
      if (isHandedOver && failure.responseCode === null) {
        log.warn(
          { smtp: failure },
          'the mail server has a letter and did not say in time whether it takes it',
        )
        return { kind: 'unanswered' }
      }
      log.warn({ smtp: failure }, 'a letter was not sent')
      return { kind: isRefusal(failure) ? 'refused' : 'failed' }
    }
  }

  /** See `Mailer`. */
  async close(): Promise<void> {
    const transport = await this.#transport
    transport?.close({ force: true })
  }
}

async function openTransport({ host, port, encryption, login }: SmtpServer, patience: Patience) {
  // Loaded with the first letter: whoever sends no mail pays neither its memory nor its time at start.
  const { createTransport } = await import('nodemailer')
  const isVerified = encryption !== 'whenOffered'
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure: encryption === 'fromTheStart',
    requireTLS: encryption === 'required',
    // Where a letter may go unencrypted, refusing a certificate that nobody vouches for protects nobody.
    tls: { rejectUnauthorized: isVerified },
    ...(login && { auth: { user: login.user, pass: login.password } }),
    maxConnections: connections,
    maxRequeues: 1,
    idleTimeout: idleMs,
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    dnsTimeout: patience.connectMs,
    socketTimeout: patience.silenceMs,
    socketCloseTimeout: 0,
  })
  transport.use('stream', (mail, done) => {
    const { onHandedOver }: ToldMail = mail.data
    mail.message.processFunc((input) =>
      onHandedOver === undefined ? input : input.once('end', onHandedOver),
    )
    done()
  })
  return transport
}
