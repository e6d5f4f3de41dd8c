import t from 'tap'
import { DatabaseUnavailable } from '../../src/database/database-unavailable.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { SigningKeyProblem } from '../../src/tokens/signing-key-problem.js'
import { SigningKeyStore } from '../../src/tokens/signing-key-store.js'
import { createTestDatabase } from '../database/test-database.js'
import { openKeyHouse } from './key-house.js'

const hour = 3600
const day = 24 * hour

t.test('of 16 nodes that start together one makes the first key, and all sign with it', async (t) => {
  const { database } = await createTestDatabase(t)
  const nodes = Array.from({ length: 16 }, () => openKeyHouse(database))
  await Promise.all(nodes.map(({ signingKeyKeeper }) => signingKeyKeeper.prepare()))
  const signers = await Promise.all(nodes.map(({ signer }) => signer()))
  t.equal(new Set(signers).size, 1)
  t.equal((await new SigningKeyStore(database).list()).length, 1)
})

t.test('keys are rotated by time, with an overlap on both sides', async (t) => {
  const { database } = await createTestDatabase(t)
  const node = openKeyHouse(database)
  const other = openKeyHouse(database)
  const pass = (seconds: number) => {
    node.passSeconds(seconds)
    other.passSeconds(seconds)
  }
  const first = await node.signer()
  t.strictSame(await node.published(), [first])
  pass(90 * day - hour - 10)
  t.strictSame(await other.published(), [first], 'nothing is due yet')
  pass(20)
  const [second = '', ...rest] = (await node.published()) as string[]
  t.strictSame(rest, [first], 'the next one is published')
  t.strictSame(await other.published(), [second, first], 'by the other node too')
  t.equal(await node.signer(), first, 'the first still signs')
  pass(hour)
  t.equal(await node.signer(), second)
  t.equal(await other.signer(), second)
  t.strictSame(await node.published(), [second, first], 'tokens of the first are still out')
  pass(900)
  t.strictSame(await node.published(), [second, first])
  pass(60)
  t.strictSame(await node.published(), [second])
  t.strictSame(
    (await new SigningKeyStore(database).list()).map(({ kid }) => kid),
    [second],
    'nothing of the first is left',
  )
})

t.test('what another node has done to the keys is known after 5 seconds', async (t) => {
  const { database } = await createTestDatabase(t)
  const node = openKeyHouse(database)
  const first = await node.signer()
  const operator = openKeyHouse(database)
  t.ok(await operator.signingKeyKeeper.rotate())
  t.equal(await operator.signingKeyKeeper.rotate(), null, 'one that waits is enough')
  t.strictSame(await node.published(), [first], 'not asked at each request')
  node.passSeconds(5)
  t.equal((await node.published()).length, 2)
  await operator.signingKeyKeeper.replaceAll()
  node.passSeconds(5)
  const [third, ...rest] = await node.published()
  t.strictSame(rest, [], 'all others are withdrawn')
  t.equal(await node.signer(), third)
})

t.test('a secret seals keys that lay open, and they sign on', async (t) => {
  const { database } = await createTestDatabase(t)
  const open = openKeyHouse(database)
  await open.signingKeyKeeper.prepare()
  const store = new SigningKeyStore(database)
  const [before] = await store.list()
  t.match(before?.privateJwk.toString(), /"d":"/)
  const sealed = openKeyHouse(database, { keySecret: createRandomToken() })
  await sealed.signingKeyKeeper.prepare()
  const [after] = await store.list()
  t.match(after, { kid: before?.kid, isSealed: true })
  t.notMatch(after?.privateJwk.toString('latin1'), /"d"/)
  t.equal(await sealed.signer(), before?.kid)
  t.strictSame((await sealed.keyRing.signer()).privateJwk, JSON.parse(before?.privateJwk.toString() ?? ''))
  const [published] = await sealed.keyRing.published()
  t.strictSame(Object.keys(published ?? {}).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

t.test('without the right secret sealed keys are of no use, to be told in a sentence', async (t) => {
  const { database } = await createTestDatabase(t)
  await openKeyHouse(database, { keySecret: createRandomToken() }).signingKeyKeeper.prepare()
  const cases: [keySecret: string | null, words: RegExp][] = [
    [null, /are sealed, and SIGNING_KEY_SECRET is not set\./],
    [createRandomToken(), /are sealed by another secret than that of SIGNING_KEY_SECRET\./],
  ]
  for (const [keySecret, message] of cases) {
    const { signingKeyKeeper, keyRing } = openKeyHouse(database, { keySecret })
    await t.rejects(signingKeyKeeper.prepare(), { name: 'SigningKeyProblem', message })
    await t.rejects(signingKeyKeeper.rotate(), SigningKeyProblem, 'the next one would be of no use elsewhere')
    await t.rejects(keyRing.signer(), SigningKeyProblem)
    t.equal((await keyRing.published()).length, 1, 'public keys are no secret')
  }
  t.equal((await new SigningKeyStore(database).list()).length, 1)
  const keySecret = createRandomToken()
  await openKeyHouse(database, { keySecret }).signingKeyKeeper.replaceAll()
  await openKeyHouse(database, { keySecret }).signingKeyKeeper.prepare()
})

t.test('a sealed key opens for its own id alone', async (t) => {
  const { database } = await createTestDatabase(t)
  const { signingKeyKeeper, keySealer } = openKeyHouse(database, { keySecret: createRandomToken() })
  await signingKeyKeeper.prepare()
  const [key] = await new SigningKeyStore(database).list()
  t.ok(key && keySealer.open(key))
  t.throws(() => key && keySealer.open({ ...key, kid: 'another' }), SigningKeyProblem)
})

t.test('while the database is away, the keys that were known are told, and nothing is signed', async (t) => {
  const { database } = await createTestDatabase(t)
  const node = openKeyHouse(database)
  const kid = await node.signer()
  const stranger = openKeyHouse(database)
  for (const { signingKeyKeeper } of [node, stranger]) {
    signingKeyKeeper.keepUp = () => Promise.reject(new DatabaseUnavailable(new Error('it is away')))
  }
  node.passSeconds(60)
  t.strictSame(await node.published(), [kid])
  await t.rejects(node.signer(), DatabaseUnavailable)
  await t.rejects(stranger.published(), DatabaseUnavailable)
})
