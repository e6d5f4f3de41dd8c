import t from 'tap'
import { CommonPasswords } from '../../src/accounts/common-passwords.js'
import { judgePassword, type PasswordContext } from '../../src/accounts/judge-password.js'
import type { PasswordOutcome } from '../../src/accounts/password-outcome.js'

const isCommon = await new CommonPasswords().load()

const context: PasswordContext = {
  minimumLength: 8,
  username: 'Straßer.9',
  email: 'Anna.Meyer@example.org',
  serviceName: 'Latchkey Home',
  isCommon,
}

t.test('what is long and unheard of is valid, whatever it is made of', async (t) => {
  const passwords = [
    'gr3enWa11',
    'correct horse battery staple',
    '  spaces around it  ',
    'ключ под ковриком',
    '鍵は植木鉢の下にあります',
    '🔑🚪🏠🌳🐈🎩🌂🧦',
    '7391 8824 0163 5590',
    'x'.repeat(3) + 'y'.repeat(253),
    'strasser went home',
    'annas.meyer.lamp',
    '\u0007bell-and-tab\t',
  ]
  for (const password of passwords)
    t.strictSame(judgePassword(password, context), { kind: 'valid' }, password)
})

t.test('every reason against a password', async (t) => {
  const refusals: [password: string, outcome: PasswordOutcome][] = [
    ['', { kind: 'tooShort', minimum: 8 }],
    ['gr3enWa', { kind: 'tooShort', minimum: 8 }],
    ['🔑🚪🏠🌳🐈🎩🌂', { kind: 'tooShort', minimum: 8 }],
    ['xy'.repeat(128) + 'z', { kind: 'tooLong', maximum: 256 }],
    ['x'.repeat(5_000_000), { kind: 'tooLong', maximum: 256 }],
    ['gr3en\ufffdWa11', { kind: 'unreadable' }],
    ['gr3en\udc00Wa11', { kind: 'unreadable' }],
    ['gr3en\0Wa11', { kind: 'unreadable' }],
    ['straßer.9', { kind: 'sameAsUsername' }],
    ['STRASSER9', { kind: 'sameAsUsername' }],
    ['ｓｔｒａｓｓｅｒ９', { kind: 'sameAsUsername' }],
    ['Straßer.9Straßer.9', { kind: 'sameAsUsername' }],
    ['2024-strasser.9!', { kind: 'sameAsUsername' }],
    ['anna.meyer@example.org', { kind: 'sameAsEmail' }],
    ['AnnaMeyer', { kind: 'sameAsEmail' }],
    ['anna.meyer123', { kind: 'sameAsEmail' }],
    ['latchkeyhome', { kind: 'sameAsServiceName' }],
    ['Latchkey Home 2024!', { kind: 'sameAsServiceName' }],
    ['password', { kind: 'common' }],
    ['Password1!', { kind: 'common' }],
  ]
  for (const [password, outcome] of refusals) {
    t.strictSame(judgePassword(password, context), outcome, JSON.stringify(password.slice(0, 40)))
  }
})

t.test('the limits are counted in code points and belong to the password', async (t) => {
  t.equal(judge('🔑🚪🏠🌳🐈🎩🌂🧦', 9), 'tooShort')
  t.equal(judge('🔑🚪🏠🌳🐈🎩🌂🧦🕯', 9), 'valid')
  t.equal(judge('fourteen chars', 15), 'tooShort')
  t.equal(judge('fifteen chars !', 15), 'valid')
  t.equal(judge('🔑🚪'.repeat(127) + '🏠🌳', 64), 'valid')
  t.equal(judge('🔑🚪'.repeat(127) + '🏠🌳🐈', 64), 'tooLong')
})

t.test('a name without letters, and no e-mail address at all, leave ordinary passwords alone', async (t) => {
  const { email: _email, ...withoutEmail } = context
  const bare = { ...withoutEmail, username: '42', serviceName: '…' }
  t.strictSame(judgePassword('7342 8824 0163 5590', bare), { kind: 'valid' })
  t.strictSame(judgePassword('gr3enWa11', bare), { kind: 'valid' })
  t.strictSame(judgePassword('73-?!-18', bare), { kind: 'valid' })
  t.strictSame(judgePassword('42424242', bare), { kind: 'sameAsUsername' })
})

t.test('passwords that attackers try first are common', async (t) => {
  const common = (
    'password 12345678 123456789 1234567890 password1 password! Password123 P@ssw0rd qwertyuiop iloveyou iloveyou1 ' +
    'passwordpassword qwerty123 1q2w3e4r 1qaz2wsx abcd1234 sunshine princess football baseball superman trustno1 ' +
    'welcome1 admin123 letmein1 changeme starwars computer michelle whatever q1w2e3r4 qwer1234 asdfghjkl Password1! ' +
    'aaaaaaaa 88888888 12341234 123123123 qwertyqwerty Dragondragon abcdefgh 87654321 0987654321 lkjhgfds qwertzui'
  ).split(' ')
  for (const password of common) t.ok(isCommon(password), password)
  for (const password of ['gr3enWa11', 'x9Kq!x9Kq!', 'abcdefgi', 'dragon!!!!%&$'])
    t.notOk(isCommon(password), password)
})

t.test('the list is loaded once', async (t) => {
  const passwords = new CommonPasswords()
  const [first, second] = await Promise.all([passwords.load(), passwords.load()])
  t.ok(first('iloveyou') && second('iloveyou'))
})

function judge(password: string, minimumLength: number): PasswordOutcome['kind'] {
  return judgePassword(password, { ...context, minimumLength }).kind
}
