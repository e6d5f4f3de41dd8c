import t from 'tap'
import type { EmailOutcome } from '../../src/accounts/email-outcome.js'
import { parseEmail } from '../../src/accounts/parse-email.js'

const longDomain = `${'d'.repeat(63)}.${'e'.repeat(63)}.${'f'.repeat(62)}`

t.test('what a browser accepts is an address', async (t) => {
  const addresses = [
    'anna@example.org',
    'Anna.Meyer+latchkey@Mail.Example.ORG',
    "o'neil!#$%&*/=?^_`{|}~-@example.org",
    '.dots..anywhere.@example.org',
    'root@localhost',
    'a@xn--bcher-kva.example',
    'a@1.2.3.4',
    `${'l'.repeat(64)}@example.org`,
    `${'l'.repeat(64)}@${longDomain}`.slice(0, 254),
  ]
  for (const email of addresses) {
    t.strictSame(parseEmail(email), { kind: 'valid', email, canonical: email.toLowerCase() }, email)
  }
})

t.test('white space around an address is dropped', async (t) => {
  const valid: EmailOutcome = { kind: 'valid', email: 'Anna@example.org', canonical: 'anna@example.org' }
  for (const typed of [' Anna@example.org', 'Anna@example.org\r\n', '\u00a0Anna@example.org\t']) {
    t.strictSame(parseEmail(typed), valid)
  }
})

t.test('every reason against an address', async (t) => {
  const refusals: [typed: string, outcome: EmailOutcome][] = [
    ['', { kind: 'empty' }],
    [' \r\n', { kind: 'empty' }],
    [`${'l'.repeat(64)}@${longDomain}`, { kind: 'tooLong', maximum: 254 }],
    ['a@'.repeat(1_000_000), { kind: 'tooLong', maximum: 254 }],
  ]
  const invalid = [
    'anna',
    '@example.org',
    'anna@',
    'a@b@c',
    'anna@.org',
    'anna@example..org',
    'anna@example.org.',
    'anna@-example.org',
    'anna@example-.org',
    'an na@example.org',
    'anna@exa mple.org',
    '"anna"@example.org',
    'anna(x)@example.org',
    'Anna <anna@example.org>',
    'a@x.org,b@x.org',
    'anna@[127.0.0.1]',
    'anna@ex_ample.org',
    'x@y.z\r\nBcc: a@b.c',
    'x@y.z\nx',
    'x\r\n@y.z',
    'x\0@y.z',
    'x\t@y.z',
    'x@y.z\u2028a',
    'x\u0085@y.z',
    // U+212A and ſ would fold to ASCII if the pattern ignored case by Unicode's rules.
    'änna@example.org',
    'anna@exämple.org',
    'anna＠example.org',
    'anna@example。org',
    '\u212aim@example.org',
    'ſ@x.org',
    `${'l'.repeat(65)}@example.org`,
    `a@${'d'.repeat(64)}.org`,
  ]
  for (const typed of invalid) refusals.push([typed, { kind: 'invalid' }])
  for (const [typed, outcome] of refusals) {
    t.strictSame(parseEmail(typed), outcome, titleOf(typed))
  }
})

t.test('a canonical address is its own canonical address', async (t) => {
  for (let code = 0; code <= 0xffff; code++) {
    const outcome = parseEmail(`A${String.fromCharCode(code)}@Example.org`)
    if (outcome.kind !== 'valid') continue
    t.match(outcome.canonical, /^[!-~]+$/)
    t.strictSame(parseEmail(outcome.canonical), { ...outcome, email: outcome.canonical })
  }
})

/** The typed text without what would break a line of the test report. */
function titleOf(typed: string): string {
  return JSON.stringify(typed.slice(0, 40)).replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S}]/gu, '␣')
}
