import t from 'tap'
import { emailCodeLetter } from '../../src/email-codes/email-code-letter.js'
import { stepStatuses } from '../../src/second-factor/step-refusal.js'
import { maskEmail } from '../../src/sign-in-codes/mask-email.js'
import { wordCodeRefusal } from '../../src/sign-in-codes/word-code-refusal.js'
import { wordUnsent } from '../../src/sign-in-codes/word-unsent.js'
import { codeIn } from '../mail/code-in.js'

t.test('of a confirmed address no more is shown than its owner needs to know it', async (t) => {
  t.equal(maskEmail('anna.berg@example.com'), 'a…@example.com')
  t.equal(maskEmail('a@example.com'), 'a…@example.com', 'not even how short it is')
})

t.test('why there is no code is told, and what to do', async (t) => {
  const now = new Date('2026-01-01T12:00:00Z')
  const inTenMinutes = new Date('2026-01-01T12:10:00Z')
  t.match(wordUnsent({ kind: 'mailFailed' }, now).text, 'then send a new code')
  t.match(wordUnsent({ kind: 'mailRefused' }, now).text, 'tell whoever runs this service')
  t.match(wordUnsent({ kind: 'tooManyCodes', retryAt: inTenMinutes }, now).text, 'another in 10 minutes.')
  t.match(wordUnsent({ kind: 'tooManyCodes', retryAt: now }, inTenMinutes).text, 'another now.')
})

t.test('every refusal of a code has its words and its status', async (t) => {
  t.match(
    wordCodeRefusal({ refusal: { kind: 'wrong', triesLeft: 1 } }).messages?.code,
    'You can try once more.',
  )
  t.match(wordCodeRefusal({ refusal: { kind: 'expired' } }).messages?.code, 'Ask for a new code.')
  t.match(wordCodeRefusal({ refusal: { kind: 'unreadable', digits: 6 } }).messages?.code, '6 digits')
  t.match(wordCodeRefusal({ refusal: { kind: 'coolingDown', retryAfterSeconds: 900 } }).text, '15 minutes')
  t.match(wordCodeRefusal({ refusal: { kind: 'locked' } }).heading, 'locked')
  t.match(wordCodeRefusal({ refusal: { kind: 'emailUnavailable' } }).heading, 'taken')
  t.strictSame([...new Set(Object.values(stepStatuses))].toSorted(), [400, 401, 403, 404, 409, 429])
})

t.test('the letter tells an owner who did not sign in that the password is known', async (t) => {
  const values = { serviceName: 'Example', to: 'anna@example.org', code: '012345', validitySeconds: 60 }
  const { text } = emailCodeLetter({ ...values, purpose: 'signIn', username: 'anna' })
  t.equal(codeIn({ text }), '012345')
  t.match(text, 'It works once, for 1 minute.')
  t.match(text, 'Then somebody else knows your password.')
  t.notMatch(text, /https?:/, 'no link that a scanner could follow')
})
