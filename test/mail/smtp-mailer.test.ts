import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { isMailAddress } from '../../src/mail/is-mail-address.js'
import { LogMailer } from '../../src/mail/log-mailer.js'
import { MailLog } from './mail-log.js'
import { openMailbox } from './mailbox.js'
import { letter, openMailer } from './open-mailer.js'

const inAHurry = { connectMs: 200, silenceMs: 200, sendingMs: 1_000 }

/** A server that does with each connection what it is told. Closed when the test ends. */
async function openStrangeServer(t: Test, welcome: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    welcome(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('a letter arrives with all that belongs to one', async (t) => {
  const mailbox = await openMailbox(t)
  const { mailer, log } = openMailer(t, mailbox.url, {
    from: { name: 'Käthes Schlüssel, Köln', address: 'login@example.org' },
  })
  t.strictSame(await mailer.send(letter), { kind: 'sent' })
  const { headers, text, envelope } = await mailbox.letterTo('anna@example.org')
  t.strictSame(envelope, { from: 'login@example.org', to: ['anna@example.org'] })
  t.equal(headers.get('to'), 'anna@example.org')
  t.match(headers.get('from'), /^"?Käthes Schlüssel, Köln"? <login@example\.org>$/)
  t.equal(headers.get('subject'), 'Your code')
  t.match(headers.get('message-id'), /^<[^<>@\s]+@example\.org>$/)
  t.ok(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now()) < 60_000)
  t.equal(headers.get('auto-submitted'), 'auto-generated')
  t.match(headers.get('content-type'), /^text\/plain; charset=utf-8/)
  t.equal(text, 'It is 1234 5678.\n')
  t.strictSame(log.lines, [])
})

t.test('subjects and texts arrive in every language', async (t) => {
  const mailbox = await openMailbox(t)
  const { mailer } = openMailer(t, mailbox.url)
  const words = 'Ваш код для Schlüsselbund 鍵 🗝️ = "ключ"; '.repeat(5).trim()
  const long = `${words}\n.\n.. a dot first\nFrom here\n${'x'.repeat(2000)}\n`
  t.strictSame(await mailer.send({ ...letter, subject: words, text: long }), { kind: 'sent' })
  const { headers, text } = await mailbox.letterTo('anna@example.org')
  t.equal(headers.get('subject'), words)
  t.equal(text, long)
})

t.test('what a person types cannot add headers, recipients or letters', async (t) => {
  const mailbox = await openMailbox(t)
  const { mailer, log } = openMailer(t, mailbox.url)
  const crafted = [
    'x@y.z\r\nBcc: victim@example.org',
    'x@y.z\nBcc: victim@example.org',
    'x@y.z, victim@example.org',
    'x@y.z; victim@example.org',
    'x@y.z victim@example.org',
    'Victim <victim@example.org>',
    '<victim@example.org>',
    'x@y.z>\r\nRCPT TO:<victim@example.org',
    '"x@y.z, victim"@example.org',
    'victim@example.org(x@y.z)',
    'group: victim@example.org;',
    'x@y.z\u0000',
    'x@y.z\u2028Bcc: victim@example.org',
    'x@y@z',
    '@y.z',
    'x@',
    '',
    `${'x'.repeat(251)}@y.z`,
  ]
  for (const address of crafted) {
    t.notOk(isMailAddress(address), encodeURIComponent(address))
    t.strictSame(await mailer.send({ ...letter, to: { address } }), { kind: 'refused' })
  }
  t.equal(log.lines.length, crafted.length)
  t.notMatch(log.text, 'victim')
  t.strictSame(mailbox.letters, [])

  const subject = 'Hello\r\nBcc: victim@example.org\r\n\r\nAnother text'
  const to = { name: 'Anna\r\nBcc: victim@example.org', address: 'anna@example.org' }
  const text = 'x\r\n.\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\n'
  t.strictSame(await mailer.send({ to, subject, text }), { kind: 'sent' })
  const received = await mailbox.letterTo('anna@example.org')
  t.strictSame(received.envelope.to, ['anna@example.org'])
  t.notOk(received.headers.has('bcc'))
  t.equal(received.text, text.replaceAll('\r\n', '\n'))
  t.equal(mailbox.letters.length, 1)
})

t.test('addresses with letters beyond ASCII arrive', async (t) => {
  const mailbox = await openMailbox(t)
  const { mailer } = openMailer(t, mailbox.url)
  t.strictSame(await mailer.send({ ...letter, to: { address: 'jörg@bücher.example' } }), { kind: 'sent' })
  t.strictSame(mailbox.letters[0]?.envelope.to, ['jörg@bücher.example'])
})

t.test('the login goes to the server; a wrong one is told to the log, without the password', async (t) => {
  const mailbox = await openMailbox(t, {
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === 'latch@key' && password === 'p:/ä %'
      if (isRight) done(null, { user: username })
      else done(new Error('who are you?'))
    },
  })
  const withLogin = (login: string) => mailbox.url.replace('//', `//${login}@`)
  const { mailer } = openMailer(t, withLogin('latch%40key:p%3A%2F%C3%A4%20%25'))
  t.strictSame(await mailer.send(letter), { kind: 'sent' })
  t.equal(mailbox.letters[0]?.user, 'latch@key')

  const stranger = openMailer(t, withLogin('latch%40key:wrong-password'))
  t.strictSame(await stranger.mailer.send(letter), { kind: 'failed' })
  t.match(stranger.log.lines, [{ details: { smtp: { code: 'EAUTH', responseCode: 535 } } }])
  t.notMatch(stranger.log.text, 'wrong-password')

  const nobody = openMailer(t, mailbox.url)
  t.strictSame(await nobody.mailer.send(letter), { kind: 'failed' }, 'the operator can mend that')
})

t.test('a server that refuses an address or a letter is told from one that has no time', async (t) => {
  const refuse = (code: number) => Object.assign(new Error('no'), { responseCode: code })
  const cases = [
    [
      { onRcptTo: (_: unknown, __: unknown, done: (error: Error) => void) => done(refuse(550)) },
      'refused',
      550,
    ],
    [
      { onRcptTo: (_: unknown, __: unknown, done: (error: Error) => void) => done(refuse(450)) },
      'failed',
      450,
    ],
    [
      { onMailFrom: (_: unknown, __: unknown, done: (error: Error) => void) => done(refuse(550)) },
      'failed',
      550,
    ],
    [
      {
        onData: (stream: NodeJS.ReadableStream, _: unknown, done: (error: Error) => void) => {
          stream.resume()
          stream.on('end', () => done(refuse(554)))
        },
      },
      'refused',
      554,
    ],
  ] as const
  for (const [options, kind, responseCode] of cases) {
    const mailbox = await openMailbox(t, options)
    const { mailer, log } = openMailer(t, mailbox.url)
    t.strictSame(await mailer.send(letter), { kind }, `${responseCode}`)
    t.match(log.lines, [{ message: 'a letter was not sent', details: { smtp: { responseCode } } }])
    t.notMatch(log.text, '1234 5678')
    t.notMatch(log.text, 'Your code')
    t.strictSame(await mailer.send(letter), { kind }, 'and goes on serving')
  }
})

t.test('servers that hang are waited for a while only', async (t) => {
  const servers: [welcome: (socket: Socket) => void, what: string][] = [
    [() => undefined, 'says nothing'],
    [(socket) => socket.write('220 hello\r\n'), 'greets and says nothing more'],
    [
      (socket) => {
        socket.write('220 hello\r\n250-')
        const drip = setInterval(() => socket.write('x'), 20)
        socket.on('close', () => clearInterval(drip))
      },
      'goes on and on',
    ],
    [(socket) => socket.end('220 hello\r\n'), 'hangs up'],
    [(socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'is none'],
    [(socket) => socket.destroy(), 'does not talk at all'],
  ]
  for (const [welcome, what] of servers) {
    const { mailer, log } = openMailer(t, await openStrangeServer(t, welcome), { patience: inAHurry })
    const began = Date.now()
    t.strictSame(await mailer.send(letter), { kind: 'failed' }, what)
    t.ok(Date.now() - began < 3_000, `${what}: ${Date.now() - began} ms`)
    t.equal(log.lines.length, 1, what)
  }
})

t.test('a letter that a server has, and has not answered for in time, may still arrive', async (t) => {
  const mailbox = await openMailbox(t)
  const { mailer, log } = openMailer(t, mailbox.url, { patience: inAHurry })
  let answer = () => undefined as void
  mailbox.hold(new Promise((resolve) => (answer = resolve)))
  t.strictSame(await mailer.send(letter), { kind: 'unanswered' })
  answer()
  t.strictSame(await mailer.send(letter), { kind: 'sent' })
  t.equal(mailbox.letters.length, 2, 'and is sent once')
  t.equal(log.lines.length, 1)
  mailbox.refuse(true)
  t.strictSame(await mailer.send(letter), { kind: 'failed' }, 'an answer is one, also after the letter')
})

t.test('a server that is away, or restarted between two letters, is found again', async (t) => {
  const first = await openMailbox(t)
  const { mailer, log } = openMailer(t, first.url)
  t.strictSame(await mailer.send(letter), { kind: 'sent' })
  await first.close()
  t.strictSame(await mailer.send(letter), { kind: 'failed' })
  t.equal(log.lines.length, 1)
  const second = await openMailbox(t, { port: first.port })
  t.strictSame(await mailer.send(letter), { kind: 'sent' })
  t.equal(second.letters.length, 1)
  await second.close()
  const third = await openMailbox(t, { port: first.port })
  t.strictSame(await mailer.send(letter), { kind: 'sent' }, 'though the connection was kept')
  t.equal(third.letters.length, 1)
})

t.test('closing ends what is under way', async (t) => {
  const { mailer } = openMailer(t, await openStrangeServer(t, () => undefined))
  const sending = mailer.send(letter)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const began = Date.now()
  await mailer.close()
  t.strictSame(await sending, { kind: 'failed' })
  t.ok(Date.now() - began < 2_000, 'long before the server is given up')
  t.strictSame(await mailer.send(letter), { kind: 'failed' })
})

t.test('without a mail server letters stand in the log, with a hint', async (t) => {
  const log = new MailLog()
  t.strictSame(await new LogMailer(log).send(letter), { kind: 'sent' })
  const [line] = log.lines
  t.match(
    line?.message,
    /^SMTP_URL is not set, .*\n\nTo: anna@example\.org\nSubject: Your code\n\nIt is 1234 5678\./,
  )
})
