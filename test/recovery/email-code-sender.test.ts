import t from 'tap'
import { AccountStore } from '../../src/accounts/account-store.js'
import { AddressLimit } from '../../src/attempts/address-limit.js'
import { FailedAddressStore } from '../../src/attempts/failed-address-store.js'
import { KnownDeviceStore } from '../../src/attempts/known-device-store.js'
import { KnownDevices } from '../../src/attempts/known-devices.js'
import { EmailCodeKeeper } from '../../src/email-codes/email-code-keeper.js'
import { EmailCodeSender } from '../../src/recovery/email-code-sender.js'
import { createTestDatabase } from '../database/test-database.js'

const rule = { digits: 8, validitySeconds: 600, tries: 5, perHour: 5 }
const limits = { failuresPerAddress: 50, addressWindowSeconds: 60, knownDeviceSeconds: 60 }

t.test('a letter is worded a while after it was asked for, each time another, and so is none', async (t) => {
  const { database } = await createTestDatabase(t)
  const now = () => new Date()
  const failedAddressStore = new FailedAddressStore(database)
  const addressLimit = new AddressLimit({ failedAddressStore, limits, now })
  const pauses: number[] = []
  const sender = new EmailCodeSender({
    accountStore: new AccountStore(database),
    knownDevices: new KnownDevices({ knownDeviceStore: new KnownDeviceStore(database), limits, now }),
    emailCodeKeeper: new EmailCodeKeeper({
      database,
      addressLimit,
      rules: { confirmEmail: rule, recoverAccount: rule, signIn: rule },
      now,
    }),
    mailOutbox: { post: (_write, pauseMs) => void pauses.push(pauseMs ?? 0) },
    serviceName: 'Latchkey',
  })
  const nobody = {
    id: '00000000-0000-0000-0000-000000000000',
    token: '',
    accountId: null,
    nameHash: Buffer.alloc(32),
    expiresAt: now(),
    provedBy: null,
    passwordVersion: null,
    sealedAnswers: null,
  }
  const visitor = { clientAddress: '192.0.2.7', userAgent: null, deviceToken: null }
  for (let asked = 0; asked < 20; asked++)
    await sender.send(nobody, { ...visitor, signal: new AbortController().signal })
  t.equal(pauses.length, 20)
  for (const pause of pauses) t.ok(pause >= 250 && pause <= 1000, `${pause} ms`)
  t.ok(new Set(pauses).size > 5)
})
