import t from 'tap'
import { AccountStore } from '../../src/accounts/account-store.js'
import { RecoveryStore } from '../../src/recovery/recovery-store.js'
import { RecoveryUpkeep } from '../../src/recovery/recovery-upkeep.js'
import { ResetCodeStore } from '../../src/reset-codes/reset-code-store.js'
import { createResetCode, hashResetCode } from '../../src/reset-codes/reset-code.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { createTestDatabase } from '../database/test-database.js'

const start = Date.UTC(2026, 0, 1)
const after = (seconds: number) => new Date(start + seconds * 1000)

t.test('recoveries and reset codes that are over are swept, others stay', async (t) => {
  const { database } = await createTestDatabase(t)
  const recoveryStore = new RecoveryStore(database)
  const resetCodeStore = new ResetCodeStore(database)
  const outcome = await new AccountStore(database).add({
    username: 'ada',
    canonicalUsername: 'ada',
    email: null,
    canonicalEmail: null,
    emailConfirmedAt: null,
    passwordHash: 'unused',
    createdAt: after(0),
  })
  const accountId = outcome.kind === 'added' ? outcome.account.id : ''
  await resetCodeStore.issue(accountId, createResetCode().hash, after(100))
  for (const seconds of [10, 100]) {
    await recoveryStore.add({
      token: createRandomToken(),
      accountId: null,
      nameHash: Buffer.alloc(32),
      startedAt: after(0),
      expiresAt: after(seconds),
    })
  }
  let now = after(10)
  const upkeep = new RecoveryUpkeep({
    recoveryStore,
    resetCodeStore,
    intervalSeconds: 60,
    log: { warn: () => undefined },
    now: () => now,
  })
  const left = async () => {
    const { rows } = await database.query<{ codes: number; recoveries: number }>(`
      select (select count(*)::integer from reset_codes) as codes,
             (select count(*)::integer from recoveries) as recoveries`)
    return rows[0]
  }
  await upkeep.sweep()
  t.strictSame(await left(), { codes: 1, recoveries: 1 })
  now = after(100)
  await upkeep.sweep()
  t.strictSame(await left(), { codes: 0, recoveries: 0 })
})

t.test('a recovery for an account that was removed a moment ago is one for nobody', async (t) => {
  const { database } = await createTestDatabase(t)
  const token = createRandomToken()
  const store = new RecoveryStore(database)
  await store.add({
    token,
    accountId: '00000000-0000-4000-8000-000000000000',
    nameHash: Buffer.alloc(32),
    startedAt: after(0),
    expiresAt: after(60),
  })
  t.match(await store.find(token, after(59)), { accountId: null, provedBy: null, token })
  t.equal(await store.find(token, after(60)), null)
  const { rows } = await database.query('select * from recoveries')
  t.notMatch(JSON.stringify(rows), token, 'the token itself is not kept')
})

t.test('a reset code is read however it is typed', async (t) => {
  const { code, hash } = createResetCode()
  t.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}$/)
  t.equal(hash.length, 32)
  for (const typed of [code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `])
    t.strictSame(hashResetCode(typed), hash)
  t.equal(hashResetCode(`${code}A`), null)
  t.equal(hashResetCode(''), null)
})
