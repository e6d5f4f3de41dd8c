import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Letter } from '../../src/mail/letter.js'
import { MailOutbox, type MailOutboxParts } from '../../src/mail/mail-outbox.js'
import type { MailOutcome } from '../../src/mail/mailer.js'
import { MailLog } from './mail-log.js'
import { openMailbox } from './mailbox.js'
import { openMailer } from './open-mailer.js'

const letterTo = (address: string): Letter => ({ to: { address }, subject: 'Hello', text: 'Secret words' })

/** An outbox over a mailer that answers as it is told, and notes what it was given. */
function openOutbox(
  answer: (letter: Letter) => MailOutcome['kind'] | Promise<MailOutcome['kind']>,
  parts: Partial<MailOutboxParts> = {},
) {
  const log = new MailLog()
  const given: string[] = []
  let isClosed = false
  const mailer = {
    send: async (letter: Letter) => {
      given.push(letter.to.address)
      return { kind: await answer(letter) }
    },
    close: async () => {
      isClosed = true
    },
  }
  const outbox = new MailOutbox({ mailer, log, pausesMs: [1, 1], drainMs: 500, ...parts })
  return { outbox, log, given, isClosed: () => isClosed }
}

function openRealOutbox(t: Test, url: string, pausesMs: number[]) {
  const { mailer, log } = openMailer(t, url)
  const outbox = new MailOutbox({ mailer, log, pausesMs })
  t.teardown(() => outbox.stop())
  return { outbox, log }
}

t.test('nobody waits for a letter that was posted', async (t) => {
  let finish: () => void = () => undefined
  const { outbox, given } = openOutbox(() => new Promise((resolve) => (finish = () => resolve('sent'))))
  t.equal(
    outbox.post(() => letterTo('anna@example.org')),
    undefined,
  )
  await pause(5)
  t.strictSame(given, ['anna@example.org'])
  finish()
  await outbox.idle()
})

t.test('a letter is written once, when it is its turn, or not at all', async (t) => {
  const { outbox, given, log } = openOutbox(() => (given.length < 2 ? 'failed' : 'sent'))
  let written = 0
  outbox.post(async () => {
    written++
    return letterTo('anna@example.org')
  })
  await outbox.idle()
  t.equal(written, 1)
  t.strictSame(given, ['anna@example.org', 'anna@example.org'])

  outbox.post(() => null)
  outbox.post(() => {
    throw new Error('the database is away')
  })
  outbox.post(async () => Promise.reject(new Error('the database is away')))
  await outbox.idle()
  t.equal(given.length, 2)
  t.strictSame(
    log.lines.map(({ message }) => message),
    ['a letter was not written', 'a letter was not written'],
  )
})

t.test('what fails is tried again a few times; what is refused is not', async (t) => {
  const failing = openOutbox(() => 'failed')
  failing.outbox.post(() => letterTo('anna@example.org'))
  await failing.outbox.idle()
  t.equal(failing.given.length, 3, 'the first try and one after each pause')
  t.match(failing.log.lines, [{ message: 'a letter was given up', details: { tries: 3 } }])
  t.notMatch(failing.log.text, /Secret|anna/)

  const refusing = openOutbox(() => 'refused')
  refusing.outbox.post(() => letterTo('anna@example.org'))
  await refusing.outbox.idle()
  t.equal(refusing.given.length, 1)
})

t.test('letters leave two at a time, in the order they came', async (t) => {
  let busy = 0
  let most = 0
  const { outbox, given } = openOutbox(async () => {
    most = Math.max(most, ++busy)
    await pause(1)
    busy--
    return 'sent' as const
  })
  const addresses = Array.from({ length: 20 }, (_, index) => `a${index}@example.org`)
  for (const address of addresses) outbox.post(() => letterTo(address))
  await outbox.idle()
  t.strictSame(given, addresses)
  t.equal(most, 2)
})

t.test('a full outbox drops letters, says so once, and takes letters again later', async (t) => {
  const { outbox, given, log } = openOutbox(() => 'sent', { capacity: 3 })
  for (let index = 0; index < 10; index++) outbox.post(() => letterTo('anna@example.org'))
  await outbox.idle()
  t.equal(given.length, 3)
  t.equal(log.lines.length, 1)
  outbox.post(() => letterTo('anna@example.org'))
  await outbox.idle()
  t.equal(given.length, 4)
})

t.test('letters that wait for another try count as on their way', async (t) => {
  const { outbox, given } = openOutbox(() => 'failed', { capacity: 2, pausesMs: [60_000] })
  for (let index = 0; index < 5; index++) outbox.post(() => letterTo(`a${index}@example.org`))
  await pause(5)
  outbox.post(() => letterTo('late@example.org'))
  await outbox.stop()
  t.strictSame(given.toSorted(), ['a0@example.org', 'a0@example.org', 'a1@example.org', 'a1@example.org'])
})

t.test(
  'stopping sends what is waiting, tries once more what had failed, and takes nothing further',
  async (t) => {
    let isUp = false
    const { outbox, given, log, isClosed } = openOutbox(
      async () => {
        await pause(1)
        return isUp ? 'sent' : 'failed'
      },
      { pausesMs: [60_000] },
    )
    outbox.post(() => letterTo('failed@example.org'))
    await pause(20)
    isUp = true
    for (let index = 0; index < 10; index++) outbox.post(() => letterTo('waiting@example.org'))
    await outbox.stop()
    t.equal(given.length, 12)
    t.ok(isClosed())
    t.strictSame(log.lines, [])
    outbox.post(() => letterTo('late@example.org'))
    await outbox.idle()
    t.equal(given.length, 12)
  },
)

t.test('a letter that is to rest is not written before, unless the service leaves', async (t) => {
  const { outbox, given } = openOutbox(() => 'sent')
  outbox.post(() => letterTo('late@example.org'), 3_600_000)
  outbox.post(() => letterTo('soon@example.org'), 1)
  while (given.length === 0) await pause(1)
  t.strictSame(given, ['soon@example.org'])
  await outbox.stop()
  t.strictSame(given, ['soon@example.org', 'late@example.org'])
})

t.test('stopping does not wait for ever, and says how many letters were lost', async (t) => {
  const { outbox, log, isClosed } = openOutbox(() => new Promise(() => undefined), { drainMs: 20 })
  for (let index = 0; index < 5; index++) outbox.post(() => letterTo('anna@example.org'))
  await outbox.stop()
  t.match(log.lines, [{ details: { letters: 5 } }])
  t.ok(isClosed())
})

t.test('a mail server that is away gets its letters when it is back', async (t) => {
  const away = await openMailbox(t)
  await away.close()
  const { outbox, log } = openRealOutbox(t, away.url, [50, 50, 50, 50, 50, 50, 50, 50, 50, 50])
  outbox.post(() => letterTo('anna@example.org'))
  await pause(100)
  const back = await openMailbox(t, { port: away.port })
  t.equal((await back.letterTo('anna@example.org')).headers.get('subject'), 'Hello')
  t.notMatch(log.text, 'Secret')
})

t.test('stopping drains to a real mail server', async (t) => {
  const mailbox = await openMailbox(t)
  const { outbox, log } = openRealOutbox(t, mailbox.url, [])
  for (let index = 0; index < 20; index++) outbox.post(() => letterTo('anna@example.org'))
  await outbox.stop()
  t.equal(mailbox.letters.length, 20)
  t.strictSame(log.lines, [])
})
