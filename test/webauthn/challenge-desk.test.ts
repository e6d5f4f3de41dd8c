import t from 'tap'
import { createTestDatabase } from '../database/test-database.js'
import { InstallationSecret } from '../../src/secrets/installation-secret.js'
import { UsedOnceStore } from '../../src/used-once/used-once-store.js'
import { ChallengeDesk } from '../../src/webauthn/challenge-desk.js'

t.test('what verifies is loaded for who is asked, not for everybody who is only offered it', async (t) => {
  const { database } = await createTestDatabase(t)
  let loads = 0
  const desk = new ChallengeDesk({
    installationSecret: new InstallationSecret(database),
    usedOnceStore: new UsedOnceStore(database),
    loadVerifier: async () => {
      loads += 1
    },
    now: () => new Date(),
  })
  const holder = { purpose: 'get', holder: 'a browser' } as const
  const offered = await desk.issue(holder, true)
  t.equal(loads, 0)
  t.ok(await desk.find(offered, holder), 'it can be answered as any other')
  await desk.issue(holder)
  t.equal(loads, 1)
})
