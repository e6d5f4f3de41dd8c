import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { AccountStore } from '../../src/accounts/account-store.js'
import { AddressLimit } from '../../src/attempts/address-limit.js'
import { FailedAddressStore } from '../../src/attempts/failed-address-store.js'
import { EmailCodeAskStore } from '../../src/email-codes/email-code-ask-store.js'
import { EmailCodeKeeper } from '../../src/email-codes/email-code-keeper.js'
import type { EmailCodePurpose } from '../../src/email-codes/email-code-purpose.js'
import { EmailCodeStore } from '../../src/email-codes/email-code-store.js'
import { EmailCodeUpkeep } from '../../src/email-codes/email-code-upkeep.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { createTestDatabase } from '../database/test-database.js'
import { MailLog } from '../mail/mail-log.js'

const rule = { digits: 8, validitySeconds: 600, tries: 5, perHour: 5 }
const anna = { email: 'Anna@Example.org', canonicalEmail: 'anna@example.org' }
const bert = { email: 'bert@example.org', canonicalEmail: 'bert@example.org' }

async function prepare(t: Test, own: Partial<typeof rule> = {}) {
  const { database } = await createTestDatabase(t)
  let time = Date.UTC(2026, 0, 1)
  const now = () => new Date(time)
  const emailCodeStore = new EmailCodeStore(database)
  const rules = { confirmEmail: rule, recoverAccount: { ...rule, ...own }, signIn: rule }
  const limits = { failuresPerAddress: 3, addressWindowSeconds: 900 }
  const addressLimit = new AddressLimit({ failedAddressStore: new FailedAddressStore(database), limits, now })
  const keeper = new EmailCodeKeeper({ database, addressLimit, rules, now })
  const emailCodeAskStore = new EmailCodeAskStore(database)
  const stores = { emailCodeStore, emailCodeAskStore }
  const upkeep = new EmailCodeUpkeep({ ...stores, intervalSeconds: 60, log: new MailLog(), now })
  const addAccount = async () => {
    const name = `user${randomUUID().slice(0, 8)}`
    const outcome = await new AccountStore(database).add({
      username: name,
      canonicalUsername: name,
      email: null,
      canonicalEmail: null,
      emailConfirmedAt: null,
      passwordHash: 'unused',
      createdAt: now(),
    })
    if (outcome.kind !== 'added') throw new Error(outcome.kind)
    return outcome.account.id
  }
  const accountId = await addAccount()
  const issueTo = async (bearer: ReturnType<typeof createBearer>, toAccountId = accountId, to = anna) => {
    const outcome = await keeper.issue({ ...bearer, ...to, insider: null, accountId: toAccountId })
    if (outcome.kind !== 'issued') throw new Error(outcome.kind)
    return outcome.code
  }
  const pass = (seconds: number) => (time += seconds * 1000)
  const count = async (table: string) => (await database.query(`select from ${table}`)).rowCount
  return { database, emailCodeStore, keeper, upkeep, addAccount, accountId, issueTo, pass, count, now }
}

function createBearer(purpose: EmailCodePurpose = 'recoverAccount') {
  return { purpose, bearerId: randomUUID(), bearerSecret: createRandomToken() }
}

/** Eight digits that are not the code. */
const wrong = (code: string) => (code.startsWith('0000') ? '1111 1111' : '0000 0000')

t.test('a code tells whose it is and for which address, once', async (t) => {
  const { keeper, accountId, now } = await prepare(t)
  const bearer = createBearer()
  const issued = await keeper.issue({ ...bearer, ...anna, insider: null, accountId })
  if (issued.kind !== 'issued') throw new Error(issued.kind)
  t.match(issued.code, /^\d{4} \d{4}$/)
  t.strictSame(issued.expiresAt, new Date(now().getTime() + 600_000))
  t.equal(issued.validitySeconds, 600)
  t.strictSame(await keeper.redeem({ ...bearer, code: issued.code }), { kind: 'right', accountId, ...anna })
  t.strictSame(await keeper.redeem({ ...bearer, code: issued.code }), { kind: 'expired' })
})

t.test('of 16 parallel tries with the right code exactly one wins', async (t) => {
  const { keeper, issueTo } = await prepare(t)
  const bearer = createBearer()
  const code = await issueTo(bearer)
  const outcomes = await Promise.all(Array.from({ length: 16 }, () => keeper.redeem({ ...bearer, code })))
  t.equal(outcomes.filter(({ kind }) => kind === 'right').length, 1)
  t.equal(outcomes.filter(({ kind }) => kind === 'expired').length, 15)
})

t.test('of 16 parallel guesses no more are compared than there are tries', async (t) => {
  const { keeper, issueTo } = await prepare(t)
  const bearer = createBearer()
  const code = await issueTo(bearer)
  const guesses = Array.from({ length: 16 }, () => keeper.redeem({ ...bearer, code: wrong(code) }))
  const outcomes = await Promise.all(guesses)
  const triesLeft = outcomes.flatMap((outcome) => (outcome.kind === 'wrong' ? [outcome.triesLeft] : []))
  t.strictSame(triesLeft.toSorted(), [0, 1, 2, 3, 4])
  t.equal(outcomes.filter(({ kind }) => kind === 'expired').length, 11)
  t.strictSame(await keeper.redeem({ ...bearer, code }), { kind: 'expired' }, 'even the right one')
})

t.test('the right code counts with the last try', async (t) => {
  const { keeper, issueTo } = await prepare(t, { tries: 2 })
  const bearer = createBearer()
  const code = await issueTo(bearer)
  t.strictSame(await keeper.redeem({ ...bearer, code: wrong(code) }), { kind: 'wrong', triesLeft: 1 })
  t.match(await keeper.redeem({ ...bearer, code }), { kind: 'right' })
})

t.test('what is no code costs no try', async (t) => {
  const { keeper, issueTo } = await prepare(t, { tries: 1 })
  const bearer = createBearer()
  const code = await issueTo(bearer)
  for (const typed of ['', '1234', `${code}9`, 'code'])
    t.strictSame(await keeper.redeem({ ...bearer, code: typed }), { kind: 'unreadable', digits: 8 })
  t.match(await keeper.redeem({ ...bearer, code: ` ${code.replace(' ', '-')} ` }), { kind: 'right' })
})

t.test('a code works until its validity is over, and no longer', async (t) => {
  const { keeper, issueTo, pass } = await prepare(t)
  const [early, late] = [createBearer(), createBearer()]
  const [earlyCode, lateCode] = [await issueTo(early), await issueTo(late)]
  pass(599)
  t.match(await keeper.redeem({ ...early, code: earlyCode }), { kind: 'right' })
  pass(1)
  t.strictSame(await keeper.redeem({ ...late, code: lateCode }), { kind: 'expired' })
  t.strictSame(await keeper.redeem({ ...late, code: wrong(lateCode) }), { kind: 'expired' })
})

t.test('each purpose has its own validity, length, tries and limit', async (t) => {
  const { keeper, issueTo, pass } = await prepare(t, { digits: 6, validitySeconds: 60, tries: 1, perHour: 1 })
  const [short, long] = [createBearer('recoverAccount'), createBearer('confirmEmail')]
  const [shortCode, longCode] = [await issueTo(short), await issueTo(long)]
  t.match(shortCode, /^\d{6}$/)
  await t.rejects(issueTo(short), { message: 'tooMany' })
  await issueTo(createBearer('confirmEmail'))
  t.strictSame(await keeper.redeem({ ...short, code: longCode }), { kind: 'unreadable', digits: 6 })
  pass(60)
  t.strictSame(await keeper.redeem({ ...short, code: shortCode }), { kind: 'expired' })
  t.match(await keeper.redeem({ ...long, code: longCode }), { kind: 'right' })
})

t.test('a code is good for its bearer, secret and purpose only', async (t) => {
  const { keeper, issueTo } = await prepare(t)
  const bearer = createBearer()
  const other = createBearer()
  const [code, othersCode] = [await issueTo(bearer), await issueTo(other)]
  const strangers = [
    { ...bearer, bearerId: randomUUID() },
    { ...bearer, purpose: 'confirmEmail' as const },
    { ...bearer, bearerId: other.bearerId },
    { ...bearer, bearerSecret: other.bearerSecret },
  ]
  for (const stranger of strangers) {
    const { kind } = await keeper.redeem({ ...stranger, code })
    t.ok(kind === 'expired' || kind === 'wrong', kind)
  }
  const renewed = { ...bearer, bearerSecret: createRandomToken() }
  for (let tries = 0; tries < 6; tries++)
    t.strictSame(await keeper.redeem({ ...renewed, code }), { kind: 'expired' }, 'which costs no try')
  t.match(await keeper.redeem({ ...bearer, code }), { kind: 'right' })
  t.match(await keeper.redeem({ ...other, code: othersCode }), { kind: 'right' })
})

t.test('only the newest code counts, and with it the tries begin anew', async (t) => {
  const { keeper, issueTo, pass } = await prepare(t, { tries: 2 })
  const bearer = createBearer()
  const first = await issueTo(bearer)
  await keeper.redeem({ ...bearer, code: wrong(first) })
  // Another node, whose clock is behind.
  pass(-30)
  const second = await issueTo(bearer)
  t.strictSame(await keeper.redeem({ ...bearer, code: first }), { kind: 'wrong', triesLeft: 1 })
  t.match(await keeper.redeem({ ...bearer, code: second }), { kind: 'right' })
  t.strictSame(await keeper.redeem({ ...bearer, code: first }), { kind: 'expired' }, 'it does not come back')
})

t.test('an account may have so many codes sent within any hour', async (t) => {
  const { keeper, accountId, addAccount, issueTo, pass } = await prepare(t)
  const ask = async () => keeper.issue({ ...createBearer(), ...anna, insider: null, accountId })
  for (let minute = 0; minute < 50; minute += 10) {
    t.match(await ask(), { kind: 'issued' })
    pass(600)
  }
  t.strictSame(await ask(), { kind: 'tooMany', retryAfterSeconds: 600 })
  t.match(await issueTo(createBearer('confirmEmail')), /\d/, 'those for another purpose are counted apart')
  t.match(
    await issueTo(createBearer(), await addAccount(), bert),
    /\d/,
    'and so are those of another account',
  )
  pass(599)
  t.strictSame(await ask(), { kind: 'tooMany', retryAfterSeconds: 1 })
  pass(1)
  t.match(await ask(), { kind: 'issued' }, 'the first is an hour ago')
  t.strictSame(await ask(), { kind: 'tooMany', retryAfterSeconds: 600 }, 'the second is not')
})

t.test(
  'an address is sent only so many codes, whatever the accounts, also of such as were deleted',
  async (t) => {
    const { keeper, database, addAccount, issueTo, pass } = await prepare(t)
    for (let sent = 0; sent < 5; sent++) await issueTo(createBearer('confirmEmail'), await addAccount())
    await database.query('delete from accounts')
    const accountId = await addAccount()
    const ask = async (to = anna) =>
      keeper.issue({ ...createBearer('confirmEmail'), ...to, insider: null, accountId })
    t.strictSame(await ask(), { kind: 'tooMany', retryAfterSeconds: 3600 })
    for (let sent = 0; sent < 5; sent++)
      t.match(await ask(bert), { kind: 'issued' }, 'what was refused counts with nobody')
    t.match(await issueTo(createBearer('recoverAccount'), accountId), /\d/, 'each purpose counts for itself')
    pass(3600)
    t.match(await ask(), { kind: 'issued' })
  },
)

t.test('a known browser counts for itself, apart from strangers', async (t) => {
  const { keeper, accountId, issueTo } = await prepare(t)
  for (let sent = 0; sent < 5; sent++) await issueTo(createBearer())
  const ask = async (insider: string | null) =>
    keeper.issue({ ...createBearer(), ...anna, accountId, insider })
  t.match(await ask(null), { kind: 'tooMany' })
  for (let sent = 0; sent < 5; sent++) t.match(await ask('one'), { kind: 'issued' })
  t.match(await ask('one'), { kind: 'tooMany' })
  t.match(await ask('other'), { kind: 'issued' })
})

t.test('a network may ask only so often, whoever it asks for', async (t) => {
  const { keeper, pass } = await prepare(t)
  const ask = async (address: string) => keeper.admit('recoverAccount', address)
  for (let asked = 0; asked < 3; asked++) t.equal(await ask(`2001:db8::${asked}`), null)
  t.strictSame(await ask('2001:db8::9'), { kind: 'tooMany', retryAfterSeconds: 900 })
  t.equal(await ask('2001:db8:0:1::9'), null, 'but not its neighbours')
  t.equal(await keeper.admit('confirmEmail', '2001:db8::9'), null, 'and not for another purpose')
  pass(900)
  t.equal(await ask('2001:db8::9'), null)
})

t.test(
  'parallel asks of accounts for the same addresses do not wait for each other in a circle',
  async (t) => {
    const { keeper, addAccount } = await prepare(t, { perHour: 1000 })
    const accounts = await Promise.all(Array.from({ length: 4 }, addAccount))
    const asks = Array.from({ length: 40 }, async (_, index) =>
      keeper.issue({
        ...createBearer(),
        ...(index % 2 === 0 ? anna : bert),
        insider: null,
        accountId: accounts[index % 4] ?? '',
      }),
    )
    for (const outcome of await Promise.all(asks)) t.match(outcome, { kind: 'issued' })
  },
)

t.test('of 16 parallel asks no more are met than the limit allows', async (t) => {
  const { keeper, accountId, pass, count } = await prepare(t)
  const askAtOnce = async () => {
    const bearer = createBearer()
    const asks = Array.from({ length: 16 }, () =>
      keeper.issue({ ...bearer, ...anna, insider: null, accountId }),
    )
    const outcomes = await Promise.all(asks)
    const codes = outcomes.flatMap((outcome) => (outcome.kind === 'issued' ? [outcome.code] : []))
    t.equal(codes.length, 5)
    const tries = []
    for (const code of codes) tries.push((await keeper.redeem({ ...bearer, code })).kind)
    t.equal(tries.filter((kind) => kind === 'right').length, 1, 'of those that were met one is the newest')
  }
  await askAtOnce()
  t.equal(await count('email_codes'), 5)
  pass(3600)
  await askAtOnce()
})

t.test('an account that was removed a moment ago gets no code', async (t) => {
  const { keeper, database, accountId, count } = await prepare(t)
  await database.query('delete from accounts')
  const outcome = await keeper.issue({ ...createBearer(), ...anna, insider: null, accountId })
  t.strictSame(outcome, { kind: 'tooMany', retryAfterSeconds: 1 })
  t.equal(await count('email_codes'), 0)
})

t.test('what a code allows happens together with its use, or neither does', async (t) => {
  const { keeper, database, issueTo } = await prepare(t)
  const bearer = createBearer()
  const code = await issueTo(bearer)
  const failing = database.transaction(async (client) => {
    t.match(await keeper.redeem({ ...bearer, code }, new EmailCodeStore(client)), { kind: 'right' })
    throw new Error('the rest went wrong')
  })
  await t.rejects(failing, { message: 'the rest went wrong' })
  t.match(await keeper.redeem({ ...bearer, code }), { kind: 'right' })
})

t.test('all codes of an account can be forgotten, in a transaction too; its limit stays', async (t) => {
  const { keeper, database, accountId, addAccount, issueTo } = await prepare(t, { perHour: 2 })
  const [recovery, session, other] = [createBearer(), createBearer('confirmEmail'), createBearer()]
  const codes = [await issueTo(recovery), await issueTo(session)]
  const othersCode = await issueTo(other, await addAccount(), bert)
  await database.transaction(async (client) => new EmailCodeStore(client).forgetAllOf(accountId))
  t.strictSame(await keeper.redeem({ ...recovery, code: codes[0] ?? '' }), { kind: 'expired' })
  t.strictSame(await keeper.redeem({ ...session, code: codes[1] ?? '' }), { kind: 'expired' })
  t.match(await keeper.redeem({ ...other, code: othersCode }), { kind: 'right' })
  await issueTo(createBearer())
  await t.rejects(issueTo(createBearer()), { message: 'tooMany' })
})

t.test('codes go with their account', async (t) => {
  const { database, issueTo, count } = await prepare(t)
  await issueTo(createBearer())
  await database.query('delete from accounts')
  t.equal(await count('email_codes'), 0)
})

t.test('the database holds nothing with which a code could be tried', async (t) => {
  const { database, issueTo } = await prepare(t)
  const [one, other] = [createBearer(), createBearer()]
  const code = await issueTo(one)
  await issueTo(other)
  const { rows } = await database.query<{ stored: string; code_hash: Buffer }>(
    'select row_to_json(c)::text as stored, code_hash from email_codes as c',
  )
  for (const { stored } of rows) {
    t.notMatch(stored, code.replace(' ', ''))
    t.notMatch(stored, one.bearerSecret)
  }
})

t.test('what no longer counts is swept', async (t) => {
  const { upkeep, issueTo, pass, count, keeper } = await prepare(t)
  const bearer = createBearer()
  await issueTo(bearer)
  pass(590)
  const second = createBearer()
  const code = await issueTo(second)
  pass(10)
  await upkeep.sweep()
  t.equal(await count('email_codes'), 1)
  t.match(await keeper.redeem({ ...second, code }), { kind: 'right' })
  pass(600)
  await upkeep.sweep()
  t.equal(await count('email_codes'), 0)
  t.equal(await count('email_code_asks'), 2)
  pass(2400)
  await upkeep.sweep()
  t.equal(await count('email_code_asks'), 2, 'one of the asks was less than an hour ago')
  pass(590)
  await upkeep.sweep()
  t.equal(await count('email_code_asks'), 0)
})
