import t from 'tap'
import type { Challenge } from 'altcha-lib'
import { rightAnswer, solve } from '../captcha/solve.js'
import { startTestService } from '../flows/test-service.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'

const password = 'correct horse battery'
const wrong = 'a wrong guess indeed'
const settings = { CAPTCHA: 'altcha', CAPTCHA_DIFFICULTY: '5' }
const contract = new ApiContract()

type Captcha = { kind: string; challenge: Challenge; question: { text: string; token: string } }

t.test('a program is given the captcha, and goes on once it has solved it', async (t) => {
  const service = await startTestService(t, settings)
  await new ApiClient(t, contract, service.origin).post('/api/register', { username: 'Ada', password })
  const login = (typed: string, more: object = {}) =>
    new ApiClient(t, contract, service.origin).post('/api/login', {
      username: 'Ada',
      password: typed,
      ...more,
    })
  for (let failures = 1; failures < 3; failures++) t.notOk((await login(wrong)).json['captcha'])
  const third = await login(wrong)
  t.match(third, {
    status: 401,
    json: { error: 'incorrectPassword', attempt: 3, captcha: { kind: 'altcha' } },
  })

  const refused = await login(password)
  t.match(refused, { status: 403, json: { error: 'captchaNeeded', captcha: { kind: 'altcha' } } })
  t.match(refused.json['message'], 'Your password was not looked at.')
  const { challenge, question } = refused.json['captcha'] as Captcha
  const altcha = await solve(challenge)
  t.equal((await login(password, { altcha })).status, 200)
  t.match(await login(wrong, { altcha }), { status: 403, json: { error: 'captchaNeeded' } }, 'by the address')
  const answer = { captchaToken: question.token, captchaAnswer: rightAnswer(question.text) }
  t.match(await login(wrong, answer), { status: 401, json: { attempt: 1 } })
  t.match(await login(wrong, { altcha: ['a', 'b'] }), { status: 403 })
  const nonsense = [
    { challenge: { signature: 'x', parameters: {} }, solution: {}, hmacAlgorithm: 'X' },
    {
      challenge: { signature: 'x', parameters: { algorithm: 1, cost: -1, salt: {}, data: 7 } },
      solution: { counter: [] },
    },
    { challenge: { signature: '', parameters: [] }, solution: [], counterMode: 'x' },
  ]
  for (const each of nonsense) {
    const made = Buffer.from(JSON.stringify(each)).toString('base64')
    t.match(await login(wrong, { altcha: made }), { status: 403, json: { error: 'captchaNeeded' } })
  }
})

t.test('so does one that registers, where that asks for one', async (t) => {
  const service = await startTestService(t, { ...settings, CAPTCHA_ON_REGISTRATION: 'on' })
  const register = (more: object = {}) =>
    new ApiClient(t, contract, service.origin).post('/api/register', { username: 'Ada', password, ...more })
  const refused = await register()
  t.match(refused, { status: 403, json: { error: 'captchaNeeded' } })
  const { challenge } = refused.json['captcha'] as Captcha
  const altcha = await solve(challenge)
  t.equal((await register({ altcha })).status, 201)
  t.equal((await register({ altcha })).status, 403)
})
