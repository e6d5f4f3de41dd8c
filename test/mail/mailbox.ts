import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { until } from '../database/until.js'
import { readLetter, type ReceivedLetter } from './received-letter.js'

export type Mailbox = {
  port: number
  /** For SMTP_URL. */
  url: string
  /** All that came so far. */
  letters: readonly ReceivedLetter[]
  /** The next letter to this address, in the order they came; waits until there is one. Each is handed out once. */
  letterTo: (address: string) => Promise<ReceivedLetter>
  /** Has the server answer for letters only when this is done; they are in the box before. */
  hold: (until: Promise<void>) => void
  /** Whether the server turns letters away for now (450). */
  refuse: (isRefusing: boolean) => void
  close: () => Promise<void>
}

/**
 * Starts a real mail server on loopback that keeps what it is sent. It is closed when the test ends.
 *
 * @param options of smtp-server; by default neither TLS nor a login is asked for
 */
export async function openMailbox(
  t: { teardown: (work: () => Promise<void>) => void },
  options: SMTPServerOptions & { port?: number } = {},
): Promise<Mailbox> {
  const letters: ReceivedLetter[] = []
  const unread: ReceivedLetter[] = []
  let held = Promise.resolve()
  let isRefusing = false
  const { port = 0, ...own } = options
  const server = new SMTPServer({
    disabledCommands: own.key ? [] : ['STARTTLS'],
    authOptional: true,
    hideSMTPUTF8: false,
    closeTimeout: 100,
    onData: (stream, { envelope, secure, user }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const letter = {
          ...readLetter(Buffer.concat(chunks).toString('latin1')),
          envelope: {
            from: envelope.mailFrom ? envelope.mailFrom.address : '',
            to: envelope.rcptTo.map(({ address }) => address),
          },
          isEncrypted: secure,
          user: typeof user === 'string' ? user : null,
        }
        if (isRefusing) return done(Object.assign(new Error('later, please'), { responseCode: 450 }))
        letters.push(letter)
        unread.push(letter)
        void (async () => {
          await held
          done()
        })()
      })
    },
    ...own,
  })
  // Clients that hang up are part of the tests.
  server.on('error', () => undefined)
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  let closed: Promise<void> | undefined
  const close = async () => {
    closed ??= new Promise<void>((resolve) => server.close(resolve))
    return closed
  }
  t.teardown(close)

  const bound = (server.server.address() as AddressInfo).port
  const find = (address: string) => unread.findIndex(({ envelope }) => envelope.to.includes(address))
  return {
    port: bound,
    url: `smtp://127.0.0.1:${bound}`,
    letters,
    letterTo: async (address) => {
      await until(() => find(address) >= 0)
      const [letter] = unread.splice(find(address), 1)
      if (letter === undefined) throw new Error('somebody else took the letter')
      return letter
    },
    hold: (until) => {
      held = until
    },
    refuse: (isRefusingNow) => {
      isRefusing = isRefusingNow
    },
    close,
  }
}
