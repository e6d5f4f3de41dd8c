import { randomUUID } from 'node:crypto'
import t from 'tap'
import { AccountEmailStore } from '../../src/accounts/account-email-store.js'
import { AccountStore } from '../../src/accounts/account-store.js'
import { ProfileStore } from '../../src/accounts/profile-store.js'
import { createTestDatabase } from '../database/test-database.js'
import { until } from '../database/until.js'

const now = new Date('2026-01-01T00:00:00Z')
const { database } = await createTestDatabase(t)
const store = new AccountStore(database)
const emails = new AccountEmailStore(database)
const profileStore = new ProfileStore(database)

function add(email: string | null = null, username: string = randomUUID().slice(0, 12)) {
  return store.add({
    username,
    canonicalUsername: username,
    email,
    canonicalEmail: email,
    emailConfirmedAt: null,
    passwordHash: 'first',
    createdAt: now,
  })
}

async function addAccount(email: string | null = null) {
  const outcome = await add(email)
  if (outcome.kind !== 'added') throw new Error(outcome.kind)
  return outcome.account
}

const count = async (table: string) => (await database.query(`select from ${table}`)).rowCount

t.test('an account and its profile are made together, or neither is', async (t) => {
  const account = await addAccount('ada@example.com')
  t.match(account, { email: 'ada@example.com', emailConfirmedAt: null, passwordVersion: 1 })
  t.strictSame(await profileStore.find(account.id), { displayName: null, tutorialFinishedAt: null })
  t.equal((await add(null, account.username)).kind, 'usernameUnavailable')
  t.equal((await add('ada@example.com')).kind, 'emailUnavailable')
  t.equal(await count('accounts'), await count('profiles'))

  await database.query('alter table profiles rename to other')
  await t.rejects(add())
  await database.query('alter table other rename to profiles')
  t.equal(await count('accounts'), 1)
})

t.test('an account is found by its id while it is there', async (t) => {
  const account = await addAccount()
  t.strictSame(await store.findById(account.id), account)
  await store.remove(account.id)
  t.equal(await store.findById(account.id), null)
  t.strictSame(await profileStore.find(account.id), { displayName: null, tutorialFinishedAt: null })
})

t.test('the name of an account that is gone is nobody else’s, unless it is released', async (t) => {
  const { id, username } = await addAccount()
  await store.remove(id)
  t.equal((await add(null, username)).kind, 'usernameUnavailable')
  t.equal((await add('edith@example.com')).kind, 'added', 'other names are free')
  await store.releaseUsername(username)
  t.equal((await add('edith@example.com', username)).kind, 'emailUnavailable')
  t.equal((await add(null, username)).kind, 'added')
})

t.test('a name is not let go by an account that is removed at this very moment', async (t) => {
  const { id, username } = await addAccount()
  const late = await database.transaction(async (client) => {
    await new AccountStore(client).remove(id)
    const adding = add(null, username)
    const waits =
      "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into accounts%'"
    await until(async () => (await database.query(waits)).rowCount === 1)
    return [adding]
  })
  t.strictSame(await late[0], { kind: 'usernameUnavailable' })
  t.equal(await store.find({ canonicalUsername: username }), null)
})

t.test('of 16 parallel changes of one password, one wins', async (t) => {
  const account = await addAccount()
  const changes = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      store.changePassword(account.id, `hash ${index}`, account.passwordVersion),
    ),
  )
  t.equal(changes.filter((isChanged) => isChanged).length, 1)
  t.match(await store.findById(account.id), {
    passwordHash: `hash ${changes.indexOf(true)}`,
    passwordVersion: account.passwordVersion + 1,
  })
  await store.setPasswordHash(account.id, 'by the operator')
  t.equal(await store.changePassword(account.id, 'too late', account.passwordVersion + 1), false)
  t.equal((await store.findById(account.id))?.passwordHash, 'by the operator')
})

t.test('an address is set, confirmed and removed', async (t) => {
  const { id } = await addAccount()
  const grace = { email: 'Grace@example.com', canonical: 'grace@example.com' }
  t.strictSame(await emails.set(id, grace, now), { kind: 'changed' })
  t.match(await store.find({ canonicalEmail: 'grace@example.com' }), {
    id,
    email: 'Grace@example.com',
    emailConfirmedAt: now,
  })
  t.strictSame(await emails.set(id, grace, null), { kind: 'changed' }, 'its own is not taken')
  t.match(await store.findById(id), { email: 'Grace@example.com', emailConfirmedAt: null })
  t.strictSame(await emails.set(id, null, null), { kind: 'changed' })
  t.match(await store.findById(id), { email: null, emailConfirmedAt: null })
})

t.test('of 16 accounts that want one address at once, one gets it, and no transaction breaks', async (t) => {
  const accounts = await Promise.all(Array.from({ length: 16 }, () => addAccount()))
  const wanted = { email: 'one@example.com', canonical: 'one@example.com' }
  const outcomes = await Promise.all(
    accounts.map(({ id }) =>
      database.transaction(async (client) => {
        const { kind } = await new AccountEmailStore(client).set(id, wanted, now)
        await new ProfileStore(client).setDisplayName(id, kind)
        return kind
      }),
    ),
  )
  t.strictSame(outcomes.toSorted(), ['changed', ...Array.from({ length: 15 }, () => 'emailUnavailable')])
  for (const [index, { id }] of accounts.entries())
    t.equal((await profileStore.find(id)).displayName, outcomes[index])
})

t.test('a profile keeps a name and the first end of the tutorial', async (t) => {
  const { id } = await addAccount()
  await profileStore.setDisplayName(id, 'Ada')
  await profileStore.finishTutorial(id, now)
  await profileStore.finishTutorial(id, new Date())
  t.strictSame(await profileStore.find(id), { displayName: 'Ada', tutorialFinishedAt: now })
  await profileStore.setDisplayName(id, null)
  t.equal((await profileStore.find(id)).displayName, null)
})
