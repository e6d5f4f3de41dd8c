import t from 'tap'
import { CommonPasswords } from '../../src/accounts/common-passwords.js'
import { NewPasswordReader } from '../../src/accounts/new-password-reader.js'
import { wordPasswordProblem } from '../../src/accounts/word-password-problem.js'

const reader = new NewPasswordReader({
  commonPasswords: new CommonPasswords(),
  minimumLength: 8,
  serviceName: 'Latchkey',
})
const context = { username: 'ada.lovelace', email: 'countess@example.com' }
const good = 'correct horse battery'

t.test('a good password typed twice has no problems and stays as it is', async (t) => {
  const typed = `  ${good} `
  t.strictSame(await reader.read({ password: typed, confirmPassword: typed }, context), {
    typed,
    problems: [],
  })
  const names = { password: 'newPassword', confirmation: 'again' }
  t.strictSame(await reader.read({ newPassword: good, again: good }, context, names), {
    typed: good,
    problems: [],
  })
})

t.test('every problem has its words', async (t) => {
  const cases: [body: unknown, words: RegExp][] = [
    [{}, /^Choose a password\./],
    [null, /^Choose a password\./],
    [{ password: '', confirmPassword: '' }, /^Choose a password\./],
    [{ password: [good, good], confirmPassword: good }, /More than one password/],
    [{ password: `${good}\0`, confirmPassword: `${good}\0` }, /cannot be read/],
    [{ password: 'short', confirmPassword: 'short' }, /at least 8 characters/],
    [{ password: 'password1', confirmPassword: 'password1' }, /first that anybody would try/],
    [{ password: 'ada.lovelace1', confirmPassword: 'ada.lovelace1' }, /than the username/],
    [{ password: 'Countess12', confirmPassword: 'Countess12' }, /than the e-mail address/],
    [{ password: good }, /a second time/],
    [{ password: good, confirmPassword: `${good} ` }, /differs from the password above/],
    [{ password: good, confirmPassword: [good, good] }, /differs from the password above/],
  ]
  for (const [body, words] of cases) {
    const { problems } = await reader.read(body, context)
    t.equal(problems.length, 1)
    t.match(problems.map(wordPasswordProblem).join(), words, JSON.stringify(body))
  }
})
