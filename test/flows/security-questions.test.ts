import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { openMailbox } from '../mail/mailbox.js'
import { answers, email, newPassword, password, setQuestions, startWithAda } from './recovery-scene.js'
import { savePasskey } from './save-passkey.js'

t.test('questions are set with the password, kept as one hash, replaced and removed', async (t) => {
  const { service, owner } = await startWithAda(t)
  const rows = async () => (await service.database.query('select * from security_questions')).rows
  t.equal(
    (await service.browser().get('/profile/questions')).location,
    '/login?redirectUrl=%2Fprofile%2Fquestions',
  )
  const first = await owner.get('/profile/questions')
  t.equal(first.status, 200)
  t.match(first.body, 'autocomplete="current-password"')
  t.notMatch(first.body, 'Remove my questions')
  t.equal((await owner.get('/profile/questions/remove')).location, '/profile/questions')

  const set = await setQuestions(owner)
  t.equal(set.status, 303)
  t.equal(set.location, '/profile?notice=securityQuestionsSet')
  t.match(await rows(), [
    { questions: ['firstFilm', 'firstDish', 'firstBoss'], answers_hash: /^\$argon2id\$/ },
  ])

  const again = await owner.get('/profile/questions')
  t.match(again.body, 'You have had questions since')
  for (const answer of answers) t.notMatch(again.body, answer, 'nobody who comes upon the page reads them')
  t.notMatch(again.body, 'current-password', 'it was given a moment ago')
  await setQuestions(owner, ['Brazil', 'Soup', 'Smith'])
  t.equal((await rows()).length, 1)
  t.equal(
    (await owner.post('/profile/questions/remove')).location,
    '/profile?notice=securityQuestionsRemoved',
  )
  t.strictSame(await rows(), [])

  const { rows: events } = await service.database.query<{ kind: string }>(
    "select kind from security_events where kind like 'securityQuestions%' order by id",
  )
  t.strictSame(
    events.map(({ kind }) => kind),
    ['securityQuestionsSet', 'securityQuestionsSet', 'securityQuestionsRemoved'],
  )
})

t.test('a form that is not accepted keeps what was typed, and changes nothing', async (t) => {
  const { service, owner } = await startWithAda(t)
  const form = {
    question1: 'firstFilm',
    answer1: 'Brazil',
    question2: 'firstFilm',
    answer2: 'Alien',
    answer3: 'x',
  }
  const invalid = await owner.post('/profile/questions', { ...form, currentPassword: password })
  t.equal(invalid.status, 400)
  t.match(invalid.body, 'You have chosen this one already.')
  t.match(invalid.body, '<option value="firstFilm" selected>')
  t.match(invalid.body, 'value="Brazil"')
  t.notMatch(invalid.body, password)

  const right = { ...form, question2: 'firstDish', question3: 'firstBoss', answer3: 'Smith' }
  const unproved = await owner.post('/profile/questions', right)
  t.equal(unproved.status, 400)
  t.match(unproved.body, 'Please enter your password')
  const wrong = await owner.post('/profile/questions', { ...right, currentPassword: newPassword })
  t.equal(wrong.status, 401)
  t.match(wrong.body, 'value="Smith"')
  t.match(wrong.body, '<option value="firstBoss" selected>')
  t.equal((await owner.post('/profile/questions/remove', { currentPassword: newPassword })).status, 401)
  t.strictSame((await service.database.query('select * from security_questions')).rows, [])
})

t.test('whoever owns the mail hears of questions and passkeys, and is not flooded', async (t) => {
  const mailbox = await openMailbox(t)
  const { service, owner } = await startWithAda(t, { SMTP_URL: mailbox.url })
  await owner.post('/profile/questions/remove', { currentPassword: password })
  t.equal((await owner.get('/profile/questions')).status, 200)
  await setQuestions(owner)
  const set = await mailbox.letterTo(email)
  t.match(set.text, 'security questions were set for your account Ada')
  for (const answer of answers) t.notMatch(set.text, answer)
  await owner.post('/profile/questions/remove')
  t.match((await mailbox.letterTo(email)).text, 'security questions of your account Ada')
  await owner.post('/profile/recovery-passkey')
  await owner.get('/recovery-passkey')
  t.match((await mailbox.letterTo(email)).text, 'a recovery passkey was made for your account Ada')
  t.equal(mailbox.letters.length, 3, 'what changes nothing is no news')

  await savePasskey(owner)
  for (let posts = 0; posts < 9; posts++) await setQuestions(owner)
  for (let letters = 0; letters < 4; letters++) await mailbox.letterTo(email)
  await service.database.query('update accounts set email_confirmed_at = null')
  service.passSeconds(3700)
  await setQuestions(owner)
  await service.database.query('update accounts set email_confirmed_at = now()')
  await owner.post('/profile/questions/remove', { currentPassword: password })
  t.match((await mailbox.letterTo(email)).text, 'were removed')
  t.equal(mailbox.letters.length, 8, 'and who has not confirmed an address is told nothing')
  const { body } = await owner.get('/profile/events')
  t.equal(body.split('The security questions were set').length - 1, 5)
  t.match(body, 'This account was created')
})

t.test('where RECOVERY_METHODS leaves questions out there are none', async (t) => {
  const { owner } = await startWithAda(t, { RECOVERY_METHODS: 'passkey' })
  for (const path of ['/profile/questions', '/profile/questions/remove', '/recover/questions'])
    t.equal((await owner.get(path)).status, 404)
})

t.test('questions that were on their way when the sessions ended are not set', async (t) => {
  const { service, owner } = await startWithAda(t, {
    PASSWORD_HASH_ITERATIONS: '40',
    PASSWORD_HASH_MEMORY_KIB: '32768',
  })
  // Proves the password, so that there is but one hash to wait for.
  await owner.post('/profile/questions/remove', { currentPassword: password })
  const late = setQuestions(owner)
  await pause(150)
  await service.database.query('delete from sessions')
  t.equal((await late).location, '/profile/questions')
  t.strictSame((await service.database.query('select * from security_questions')).rows, [])
})

t.test('while many sign in the questions have to wait, and are not half set', async (t) => {
  const { service, owner } = await startWithAda(t, {
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
    PASSWORD_HASH_ITERATIONS: '40',
    PASSWORD_HASH_MEMORY_KIB: '32768',
  })
  await owner.post('/profile/questions/remove', { currentPassword: password })
  const storm = Array.from({ length: 6 }, (_, index) =>
    service.browser().post('/login', { username: `name${index}`, password }),
  )
  const busy = await setQuestions(owner)
  t.equal(busy.status, 503)
  t.match(busy.headers.get('retry-after'), /^\d+$/)
  t.match(busy.body, 'Just a moment, please')
  t.match(busy.body, `value="${answers[0]}"`)
  await Promise.all(storm)
  t.strictSame((await service.database.query('select * from security_questions')).rows, [])
})
