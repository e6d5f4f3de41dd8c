import t from 'tap'
import { emailCodeLetter } from '../../src/email-codes/email-code-letter.js'
import { wordEmailCodeProblem } from '../../src/email-codes/word-email-code-problem.js'
import { wordEmailCode } from '../../src/email-codes/word-email-code.js'
import { createDigits } from '../../src/secrets/create-digits.js'
import { parseDigits } from '../../src/secrets/parse-digits.js'
import { codeIn } from '../mail/code-in.js'

t.test('codes are read as people type and paste them', async (t) => {
  const right = [
    '12345678',
    '1234 5678',
    ' 1 2 3 4 5 6 7 8 ',
    '1234-5678',
    '1234–5678',
    '12.34.56.78',
    '1234\u00a05678\r\n',
    '1234\u200b5678\ufeff',
    '\t1234_5678',
    '１２３４　５６７８',
  ]
  for (const typed of right) t.equal(parseDigits(typed, 8), '12345678', encodeURIComponent(typed))
  t.equal(parseDigits('012 345', 6), '012345')

  const wrong = [
    '',
    ' ',
    '1234567',
    '123456789',
    '1234567O',
    '12345678a',
    '+12345678',
    '1234,5678',
    '1234/5678',
    '0x345678',
    '1e345678',
    '1234\u00005678',
    '1'.repeat(100_000),
    ' '.repeat(100_000),
  ]
  for (const typed of wrong) t.equal(parseDigits(typed, 8), null, encodeURIComponent(typed.slice(0, 20)))
})

t.test('long codes are shown in two halves, which are read back, and short ones whole', async (t) => {
  t.equal(wordEmailCode('01234567'), '0123 4567')
  t.equal(wordEmailCode('012345'), '012345')
  t.equal(parseDigits(wordEmailCode('01234567'), 8), '01234567')
})

t.test('codes have all their digits, each as often as the others', async (t) => {
  const counts = Array.from({ length: 10 }, () => 0)
  for (let index = 0; index < 10_000; index++) {
    const code = createDigits(8)
    if (!/^[0-9]{8}$/.test(code)) t.fail(code)
    for (const digit of code) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1
  }
  // 8000 of each are expected; a deviation of 600 is one of 7 sigma.
  for (const count of counts) t.ok(Math.abs(count - 8000) < 600, `${count}`)
})

t.test('every outcome that is not the right one has its words', async (t) => {
  t.equal(
    wordEmailCodeProblem({ kind: 'unreadable', digits: 8 }),
    'The code has 8 digits. Type them as they stand in the mail.',
  )
  t.match(wordEmailCodeProblem({ kind: 'wrong', triesLeft: 2 }), 'You can try 2 times more.')
  t.match(wordEmailCodeProblem({ kind: 'wrong', triesLeft: 1 }), 'You can try once more.')
  t.match(wordEmailCodeProblem({ kind: 'wrong', triesLeft: 0 }), 'that was the last try. Ask for a new code.')
  t.match(wordEmailCodeProblem({ kind: 'expired' }), 'Ask for a new code.')
})

t.test(
  'the letter says what the code is for, how long it works, and what to do when nobody asked',
  async (t) => {
    const common = { serviceName: 'Example', to: 'anna@example.org', code: '0123 4567', validitySeconds: 600 }
    const letters = [
      emailCodeLetter({ ...common, purpose: 'confirmEmail' }),
      emailCodeLetter({ ...common, purpose: 'recoverAccount', username: 'anna' }),
    ]
    for (const letter of letters) {
      t.strictSame(letter.to, { address: 'anna@example.org' })
      t.equal(letter.subject, 'Your code for Example')
      t.equal(codeIn(letter), '0123 4567')
      t.match(letter.text, '10 minutes')
      t.match(letter.text, 'Nobody from Example will ever ask you for this code.')
      t.match(letter.text, 'Did you not ask for it?')
      t.notMatch(letter.text, /https?:/, 'no link that a scanner could follow')
      t.ok(letter.text.split('\n').every((line) => line.length < 998))
    }
    t.match(letters[0]?.text, 'confirms this e-mail address')
    t.match(letters[1]?.text, 'a new password for your account anna')
  },
)
