import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { makeCertificate, missingPrograms } from '../doctor/proxy.js'
import { openMailbox } from './mailbox.js'
import { letter, openMailer } from './open-mailer.js'

const skip = { skip: missingPrograms('openssl') }
const sender = fileURLToPath(import.meta.resolve('./send-one-letter.js'))

/** A certificate for `localhost` that nobody vouches for, as the server takes it. */
function openCertificate(t: Test) {
  const { certificate, key } = makeCertificate(t)
  return { file: certificate, tls: { key: readFileSync(key), cert: readFileSync(certificate) } }
}

/** A server's login that is always right; `logins` is who came. */
function welcomeAnybody() {
  const logins: (string | undefined)[] = []
  const onAuth = (
    { username }: { username?: string | undefined },
    _session: unknown,
    done: (error: null, login: { user: string }) => void,
  ) => {
    logins.push(username)
    done(null, { user: username ?? '' })
  }
  return { logins, onAuth }
}

t.test('a certificate is trusted when its authority is', skip, async (t) => {
  const { file, tls } = openCertificate(t)
  // Which authorities are trusted is read when a process starts.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: file }
  const send = async (url: string) =>
    (await promisify(execFile)(process.execPath, [sender, url], { env })).stdout

  const starttls = await openMailbox(t, { ...tls, ...welcomeAnybody(), authOptional: false })
  t.equal(await send(`smtp://anna:secret@localhost:${starttls.port}?requireTLS=true`), 'sent')
  t.match(starttls.letters, [{ isEncrypted: true, user: 'anna' }])

  const implicit = await openMailbox(t, { ...tls, secure: true })
  t.equal(await send(`smtps://localhost:${implicit.port}`), 'sent')
  t.match(implicit.letters, [{ isEncrypted: true }])
})

t.test('neither letter nor login goes to a server that nobody vouches for', skip, async (t) => {
  const { tls } = openCertificate(t)
  const { logins, onAuth } = welcomeAnybody()
  const starttls = await openMailbox(t, { ...tls, onAuth })
  const implicit = await openMailbox(t, { ...tls, onAuth, secure: true })
  const urls = [
    `smtp://anna:secret@localhost:${starttls.port}?requireTLS=true`,
    `smtps://anna:secret@localhost:${implicit.port}`,
  ]
  for (const url of urls) {
    const { mailer, log } = openMailer(t, url)
    t.strictSame(await mailer.send(letter), { kind: 'failed' })
    t.match(log.text, 'self-signed certificate')
  }
  t.strictSame([...starttls.letters, ...implicit.letters, ...logins], [])
})

t.test('where TLS is required, a server that offers none gets nothing', async (t) => {
  const { logins, onAuth } = welcomeAnybody()
  const plain = await openMailbox(t, { onAuth, allowInsecureAuth: true })
  const { mailer, log } = openMailer(t, `smtp://anna:secret@localhost:${plain.port}?requireTLS=true`)
  t.strictSame(await mailer.send(letter), { kind: 'failed' })
  t.equal(log.lines.length, 1)
  t.strictSame([...plain.letters, ...logins], [])
})

t.test('where TLS is not required, it is taken as it is offered', skip, async (t) => {
  const { tls } = openCertificate(t)
  const starttls = await openMailbox(t, tls)
  const { mailer } = openMailer(t, starttls.url)
  t.strictSame(await mailer.send(letter), { kind: 'sent' })
  t.match(starttls.letters, [{ isEncrypted: true }])
})
