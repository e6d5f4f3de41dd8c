import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { pino } from 'pino'
import { AccountStore, type Account } from '../../src/accounts/account-store.js'
import { AddressLimit } from '../../src/attempts/address-limit.js'
import { AttemptGuard } from '../../src/attempts/attempt-guard.js'
import { AttemptUpkeep } from '../../src/attempts/attempt-upkeep.js'
import { FailedAddressStore } from '../../src/attempts/failed-address-store.js'
import { FailedAttemptStore } from '../../src/attempts/failed-attempt-store.js'
import { KnownDeviceStore } from '../../src/attempts/known-device-store.js'
import { KnownDevices } from '../../src/attempts/known-devices.js'
import { createTestDatabase } from '../database/test-database.js'

const limits = {
  failuresBeforeCooldown: 3,
  cooldownSeconds: 60,
  failuresBeforeLock: 4,
  failuresPerAddress: 5,
  addressWindowSeconds: 60,
  knownDeviceSeconds: 3600,
}

async function prepare(t: Test) {
  const { database } = await createTestDatabase(t)
  let time = Date.UTC(2026, 0, 1)
  const now = () => new Date(time)
  const failedAttemptStore = new FailedAttemptStore(database)
  const failedAddressStore = new FailedAddressStore(database)
  const knownDeviceStore = new KnownDeviceStore(database)
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
  const guard = new AttemptGuard({
    failedAttemptStore,
    addressLimit: new AddressLimit({ failedAddressStore, limits, now }),
    knownDevices: new KnownDevices({ knownDeviceStore, limits, now }),
    limits,
    failuresBeforeCaptcha: null,
    now,
  })
  const admit = async (account: Account | null = outcome.account, clientAddress: string = randomUUID()) => {
    const admission = await guard.admit({ account, typedName: name, clientAddress, deviceToken: null })
    if (admission.kind !== 'admitted') throw new Error(admission.kind)
    return admission.attempt
  }
  const rows = async (table: string) => (await database.query(`select * from ${table}`)).rows
  const upkeep = new AttemptUpkeep({
    failedAttemptStore,
    failedAddressStore,
    knownDeviceStore,
    limits,
    intervalSeconds: 60,
    log: pino({ level: 'silent' }),
    now,
  })
  const pass = (seconds: number) => (time += seconds * 1000)
  return { database, failedAttemptStore, account: outcome.account, guard, admit, rows, upkeep, now, pass }
}

t.test('an attempt that still looks at its password when the account is locked comes too late', async (t) => {
  const { admit, pass } = await prepare(t)
  const slow = await admit()
  await (await admit()).fail()
  await (await admit()).fail()
  pass(61)
  await (await admit()).fail()
  t.strictSame(await slow.succeed(), { kind: 'locked' })
  await t.rejects(admit(), { message: 'locked' })
})

t.test('what is withdrawn takes its cooldown and its lock along', async (t) => {
  const { admit, pass } = await prepare(t)
  await (await admit()).fail()
  await (await admit()).fail()
  await (await admit()).withdraw()
  t.strictSame(await (await admit()).fail(), { kind: 'coolingDown', retryAfterSeconds: 60 })
  pass(61)
  await (await admit()).withdraw()
  t.strictSame(await (await admit()).fail(), { kind: 'locked' })
})

t.test('what is withdrawn after a success takes nothing from the failures since', async (t) => {
  const { admit, rows } = await prepare(t)
  const queued = await admit()
  await (await admit()).succeed()
  await (await admit()).fail()
  await queued.withdraw()
  t.match(await rows('failed_attempts'), [{ failures: 1 }])
})

t.test('a right password waits for a lock that is just being set', async (t) => {
  const { admit, database } = await prepare(t)
  const attempt = await admit()
  let verdict: Promise<unknown> | undefined
  await database.transaction(async (client) => {
    await client.query('update failed_attempts set failures = 9, locked_at = now()')
    verdict = attempt.succeed()
    await client.query('select pg_sleep(0.2)')
  })
  t.strictSame(await verdict, { kind: 'locked' })
})

t.test('where cooldowns grow each is twice as long as the one before, up to the longest', async (t) => {
  const { failedAttemptStore, now, pass } = await prepare(t)
  const subject = { key: 'guesses', accountId: null }
  const growing = {
    failuresBeforeCooldown: 2,
    cooldownSeconds: 60,
    failuresBeforeLock: null,
    longestCooldownSeconds: 300,
  }
  const fail = async () => failedAttemptStore.count(subject, now(), growing, null)
  for (const seconds of [60, 120, 240, 300, 300]) {
    t.match(await fail(), { number: 1, cooldownUntil: null })
    const counted = await fail()
    t.strictSame(counted?.cooldownUntil, new Date(now().getTime() + seconds * 1000))
    t.equal(await fail(), null)
    pass(seconds)
  }
  await fail()
  await failedAttemptStore.forget(subject.key, 1)
  for (let withdrawn = 0; withdrawn < 3; withdrawn++) {
    t.match(await fail(), { number: 1, cooldownUntil: null })
    const counted = await fail()
    t.strictSame(counted?.cooldownUntil, new Date(now().getTime() + 60_000), 'a success begins anew')
    for (let left = 0; left < 2; left++)
      await failedAttemptStore.takeBack(subject.key, counted?.series ?? '', growing)
  }
})

t.test('an account that was removed a moment ago is refused, and nothing is counted for it', async (t) => {
  const { admit, rows, database } = await prepare(t)
  await database.query('delete from accounts')
  await t.rejects(admit(), { message: 'coolingDown' })
  t.strictSame(await rows('failed_attempts'), [])
})

t.test('an account has at most 50 known devices; the one used longest ago goes', async (t) => {
  const { account, guard, rows, pass } = await prepare(t)
  const first = await guard.remember(account, null)
  for (let index = 0; index < 49; index++) {
    pass(1)
    await guard.remember(account, null)
  }
  pass(1)
  const again = await guard.remember(account, first)
  t.equal((await rows('known_devices')).length, 50)
  pass(1)
  await guard.remember(account, null)
  pass(1)
  await guard.remember(account, again)
  t.equal((await rows('known_devices')).length, 50, 'the first was used again, so another one went')
})

t.test('what no longer counts is swept; locks stay', async (t) => {
  const { account, guard, admit, rows, upkeep, pass } = await prepare(t)
  await guard.remember(account, null)
  await (await admit()).fail()
  const nobody = async () => admit(null, '192.0.2.7')
  await (await nobody()).fail()
  await (await nobody()).fail()
  await (await nobody()).fail()
  pass(61)
  await (await nobody()).fail()

  await upkeep.sweep()
  t.equal((await rows('failed_attempts')).length, 2)
  t.equal((await rows('known_devices')).length, 1)
  t.equal((await rows('failed_addresses')).length, 1, 'only the window that has not ended')
  pass(3600)
  await upkeep.sweep()
  t.equal((await rows('known_devices')).length, 0)
  t.equal((await rows('failed_addresses')).length, 0)
  pass(31 * 24 * 3600)
  await upkeep.sweep()
  const left = (await rows('failed_attempts')) as { subject: string }[]
  t.equal(left.length, 1)
  t.match(left[0]?.subject, /^nobody [0-9a-f]{64}$/, 'no name stands in the table')
})
