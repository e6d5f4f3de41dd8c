import t from 'tap'
import { noticeAddress, wordProfileNotice } from '../../src/profile/profile-notice.js'
import { ownerLetter, type OwnerNews } from '../../src/profile/owner-letter.js'
import { wordDate } from '../../src/profile/word-date.js'
import { wordSessionCount } from '../../src/profile/word-session-count.js'
import { wordTimeAgo } from '../../src/profile/word-time-ago.js'
import { wordUserAgent } from '../../src/profile/word-user-agent.js'

const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0'
const safari = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

t.test('browsers and systems are named in words', async (t) => {
  const cases: [userAgent: string | null, words: string][] = [
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Firefox on Windows',
    ],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/140.0.0.0`, 'Edge on Windows'],
    [`Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36`, 'Chrome on Linux'],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${chrome} Safari/537.36`, 'Chrome on Chrome OS'],
    [`Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`, 'Chrome on Android'],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`,
      'Samsung Internet on Android',
    ],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari} Version/18.5 Safari/605.1.15`,
      'Safari on macOS',
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${safari} Version/18.5 Mobile/15E148 Safari/604.1`,
      'Safari on an iPhone',
    ],
    [
      `Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) ${safari} Version/16.5 Mobile/15E148 Safari/604.1`,
      'Safari on an iPad',
    ],
    ['curl/8.5.0', 'an unknown browser'],
    ['', 'an unknown browser'],
    [null, 'an unknown browser'],
  ]
  for (const [userAgent, words] of cases) t.equal(await wordUserAgent(userAgent), words)
})

t.test('nobody writes into the pages of others by the name of their browser', async (t) => {
  for (const userAgent of [
    'Your account is blocked, call 555-0100/1 now',
    'Latchkey support: visit evil.example/1.0 (x)',
    'Generic/1.0 (Windows NT 10.0)',
    '__proto__/1 constructor/2',
    '\u00e9\u00ff/1 (',
    'Mozilla/5.0 '.repeat(40),
  ])
    t.match(await wordUserAgent(userAgent), /^an unknown browser( on Windows)?$/, userAgent)
})

t.test('a name of any shape is read in no time', async (t) => {
  await wordUserAgent('x')
  for (const piece of ['(', 'Version/', ' Windows ', 'a/1 ', 'Android', '1.', ';', 'like ', '\\'])
    for (const end of ['', '!', ' Safari']) {
      const start = performance.now()
      await wordUserAgent(piece.repeat(256).slice(0, 256 - end.length) + end)
      t.ok(performance.now() - start < 250, piece)
    }
})

t.test('times that have passed are rounded down', async (t) => {
  const now = new Date('2026-03-12T14:05:00Z')
  const cases: [seconds: number, words: string][] = [
    [-5, 'just now'],
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [3599, '59 minutes ago'],
    [3600, '1 hour ago'],
    [86_399, '23 hours ago'],
    [86_400, '1 day ago'],
    [400 * 86_400, '400 days ago'],
  ]
  for (const [seconds, words] of cases)
    t.equal(wordTimeAgo(new Date(now.getTime() - seconds * 1000), now), words)
  t.equal(wordDate(now), '12 March 2026 at 14:05 UTC')
})

t.test('sessions are counted in words', async (t) => {
  t.equal(wordSessionCount(0), 'In this browser only.')
  t.equal(wordSessionCount(1), 'In this browser only.')
  t.equal(wordSessionCount(2), 'In 2 browsers, this one included.')
})

t.test('a notice that comes by query is one of ours or none', async (t) => {
  t.equal(noticeAddress('/profile', 'passwordChanged'), '/profile?notice=passwordChanged')
  t.match(wordProfileNotice({ notice: 'passwordChanged' }), /^Your password is changed/)
  for (const notice of [
    '',
    'x',
    'toString',
    '__proto__',
    '<b>',
    ['passwordChanged', 'passwordChanged'],
    undefined,
  ])
    t.equal(wordProfileNotice({ notice }), null)
  t.equal(wordProfileNotice(null), null)
})

t.test('letters to an owner say what was done, when and from where, and what to do', async (t) => {
  const news: OwnerNews[] = [
    'passwordChanged',
    'emailChanged',
    'emailRemoved',
    'recoveryPasskeyCreated',
    'securityQuestionsSet',
    'securityQuestionsRemoved',
    'authenticatorAppOn',
    'authenticatorAppOff',
    'recoveryCodesMade',
    'recoveryCodeUsed',
    'accountDeleted',
  ]
  for (const each of news)
    for (const publicOrigin of [null, 'https://login.example.com']) {
      const { to, subject, text } = ownerLetter({
        to: 'ada@example.com',
        username: 'Ada',
        serviceName: 'Example sign-in',
        publicOrigin,
        news: each,
        at: new Date('2026-03-12T14:05:00Z'),
        browser: 'Firefox on Windows',
        clientAddress: '203.0.113.7',
      })
      t.strictSame(to, { address: 'ada@example.com' })
      t.match(subject, /^Your .* at Example sign-in$/)
      t.match(text, 'your account Ada at Example sign-in')
      t.match(
        text,
        'This was done on 12 March 2026 at 14:05 UTC, from Firefox on Windows, network address 203.0.113.7.',
      )
      t.match(text, /\n\nIf it was not, \w+/)
      if (each !== 'accountDeleted')
        t.match(text, publicOrigin === null ? 'the sign-in page of' : 'https://login.example.com/login')
      for (const line of text.split('\n')) t.ok(line.length < 200)
    }
})
