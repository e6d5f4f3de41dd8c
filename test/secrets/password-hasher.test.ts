import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import argon2 from 'argon2'
import t, { type Test } from 'tap'
import { HashingBusy } from '../../src/secrets/hashing-busy.js'
import { HashingQueue } from '../../src/secrets/hashing-queue.js'
import { HashingUnavailable } from '../../src/secrets/hashing-unavailable.js'
import { MalformedPasswordHash } from '../../src/secrets/malformed-password-hash.js'
import { PasswordHasher } from '../../src/secrets/password-hasher.js'

const PASSWORD = 'correct horse battery staple'
const CHEAP = { memoryKiB: 1024, iterations: 1 }
const SALT = 'c2FsdHNhbHRzYWx0c2FsdA'
const DIGEST = 'ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGk'
const pageModes = '/sys/kernel/mm/transparent_hugepage/enabled'
const onLinux = process.platform === 'linux' ? {} : { skip: 'reads /proc' }
const onRequest =
  existsSync(pageModes) && readFileSync(pageModes, 'utf8').includes('[madvise]')
    ? {}
    : { skip: 'the kernel gives large pages to all or to none' }

/** Remembers what the hasher told the operator, and which processes it had. */
function createWatcher(onReady: (processId: number, count: number) => void = () => undefined) {
  const lines: string[] = []
  const processIds: number[] = []
  const arrivals = new EventEmitter()
  return {
    lines,
    processIds,
    logger: {
      info: (details: object, text: string): void => {
        lines.push(JSON.stringify([details, text]))
        const processId = 'hashingProcessId' in details ? Number(details.hashingProcessId) : 0
        processIds.push(processId)
        onReady(processId, processIds.length)
        arrivals.emit('ready')
      },
      warn: (details: object, text: string): void => void lines.push(JSON.stringify([details, text])),
    },
    /** Resolves with the number of the `count`th process as soon as that is ready. */
    ready: async (count: number): Promise<number> => {
      while (processIds.length < count) await once(arrivals, 'ready')
      return processIds[count - 1] ?? 0
    },
  }
}

function createHasher(t: Test, options: object = {}, watcher = createWatcher()): PasswordHasher {
  const hasher = new PasswordHasher({ ...CHEAP, concurrency: 1, logger: watcher.logger, ...options })
  t.teardown(() => hasher.close())
  return hasher
}

function hideRandomParts(hash: string): string {
  return hash.replace(/\$[^$]{22}\$[^$]{43}$/, '$salt$digest')
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

t.test('a password is hashed with the cost OWASP recommends unless told otherwise', async (t) => {
  const hasher = new PasswordHasher({ logger: createWatcher().logger })
  t.teardown(() => hasher.close())
  const hash = await hasher.hash(PASSWORD)
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  t.equal(await hasher.verify(hash, PASSWORD), true)
  t.equal(await hasher.verify(hash, `${PASSWORD}!`), false)
  t.not(await hasher.hash(PASSWORD), hash, 'each hash has a salt of its own')
})

t.test('a hash is the one that any other argon2 would make', async (t) => {
  const hasher = createHasher(t)
  t.ok(await argon2.verify(await hasher.hash(PASSWORD), PASSWORD))
  for (const type of [argon2.argon2id, argon2.argon2i, argon2.argon2d] as const) {
    const hash = await argon2.hash(PASSWORD, { type, memoryCost: 64, timeCost: 3, parallelism: 2 })
    t.equal(await hasher.verify(hash, PASSWORD), true)
    t.equal(await hasher.verify(hash, 'something else'), false)
  }
})

t.test('a password counts exactly as typed', async (t) => {
  const hasher = createHasher(t)
  const long = 'x'.repeat(4096)
  const pairs = [
    ['caf\u00e9', 'cafe\u0301'],
    ['\ufb01n', 'fin'],
    ['pass word', 'pass\u00a0word'],
    ['password', 'password '],
    ['password', ' password'],
    ['Password', 'password'],
    ['a\0b', 'a'],
    ['a\0b', 'a\0c'],
    ['\u{1f511}', '\u{1f512}'],
    ['', ' '],
    [`${long}a`, `${long}b`],
  ] as const
  for (const [typed, similar] of pairs) {
    const hash = await hasher.hash(typed)
    t.equal(await hasher.verify(hash, typed), true, JSON.stringify(typed.slice(-12)))
    t.equal(await hasher.verify(hash, similar), false, JSON.stringify(similar.slice(-12)))
  }
})

t.test('a decoy is checked like a real hash and matches nothing', async (t) => {
  const hasher = createHasher(t, { memoryKiB: 2048, iterations: 3, parallelism: 2 })
  t.equal(hideRandomParts(hasher.decoyHash), hideRandomParts(await hasher.hash(PASSWORD)))
  t.equal(hideRandomParts(hasher.decoyHash), '$argon2id$v=19$m=2048,t=3,p=2$salt$digest')
  t.equal(await hasher.verify(hasher.decoyHash, PASSWORD), false)
  t.equal(await argon2.verify(hasher.decoyHash, PASSWORD), false)
  t.not(hasher.decoyHash, createHasher(t, { memoryKiB: 2048, iterations: 3, parallelism: 2 }).decoyHash)
})

t.test('a hash weaker than the settings is due for renewal, a stronger one is not', async (t) => {
  const hasher = createHasher(t, { memoryKiB: 19_456, iterations: 2, parallelism: 1 })
  t.equal(hasher.needsRehash(hasher.decoyHash), false)
  const table = [
    ['argon2id$v=19$m=19456,t=2,p=1', false],
    ['argon2id$v=19$m=65536,t=2,p=1', false],
    ['argon2id$v=19$m=19456,t=3,p=1', false],
    ['argon2id$v=19$m=19456,t=2,p=4', false],
    ['argon2id$v=19$m=65536,t=3,p=4', false],
    ['argon2id$v=19$m=19455,t=2,p=1', true],
    ['argon2id$v=19$m=19456,t=1,p=1', true],
    ['argon2id$v=19$m=47104,t=1,p=1', true],
    ['argon2id$v=19$m=9216,t=4,p=1', true],
    ['argon2id$v=16$m=19456,t=2,p=1', true],
    ['argon2i$v=19$m=19456,t=2,p=1', true],
    ['argon2d$v=19$m=19456,t=2,p=1', true],
  ] as const
  for (const [cost, expected] of table)
    t.equal(hasher.needsRehash(`$${cost}$${SALT}$${DIGEST}`), expected, cost)
  const good = '$argon2id$v=19$m=19456,t=2,p=1'
  t.equal(hasher.needsRehash(`${good}$${SALT.slice(0, 20)}$${DIGEST}`), true, 'a salt of 15 bytes')
  t.equal(hasher.needsRehash(`${good}$${SALT}$${DIGEST.slice(0, 42)}`), true, 'a digest of 31 bytes')
})

t.test('a damaged hash is reported without quoting it, and hashing goes on', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, {}, watcher)
  const good = '$argon2id$v=19$m=1024,t=1,p=1'
  const damaged = [
    '',
    'plain text',
    '$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW',
    good,
    `${good}$${SALT}`,
    `${good}$${SALT}$`,
    `${good}$$${DIGEST}`,
    `${good}$${SALT}$${DIGEST}\n`,
    ` ${good}$${SALT}$${DIGEST}`,
    `${good}$${SALT}$${DIGEST}=`,
    `${good}$${SALT}$${DIGEST.slice(0, 20)}`,
    `${good}$${SALT.slice(0, 9)}$${DIGEST}`,
    `${good}$${SALT}$${'A'.repeat(90)}`,
    `$argon2id$v=18$m=1024,t=1,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=4,t=1,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=8,t=1,p=2$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=9999999,t=1,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=1024,t=0,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=1024,t=99,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=1024,t=1,p=0$${SALT}$${DIGEST}`,
    `$argon2xx$v=19$m=1024,t=1,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=1024,t=1,p=1,data=AAAA$${SALT}$${DIGEST}`,
  ]
  const expected = new MalformedPasswordHash()
  for (const hash of damaged) {
    await t.rejects(hasher.verify(hash, PASSWORD), expected, JSON.stringify(hash))
    t.throws(() => hasher.needsRehash(hash), expected)
  }
  t.equal(await hasher.verify(await hasher.hash(PASSWORD), PASSWORD), true)
  t.equal(watcher.processIds.length, 1)
})

t.test('numbers out of range are refused at once', async (t) => {
  const table = [
    { memoryKiB: 7 },
    { memoryKiB: 15, parallelism: 2 },
    { memoryKiB: 1024.5 },
    { memoryKiB: 2 ** 21 + 1 },
    { iterations: 0 },
    { iterations: 65 },
    { parallelism: 0 },
    { concurrency: 0 },
    { concurrency: 1.5 },
    { concurrency: 1025 },
    { queueLimit: -1 },
    { queueLimit: Number.NaN },
  ]
  for (const numbers of table)
    t.throws(() => createHasher(t, numbers), { name: 'RangeError' }, JSON.stringify(numbers))
})

t.test('jobs are done in the order they came', async (t) => {
  const hasher = createHasher(t)
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      await hasher.hash(PASSWORD)
      order.push(index)
    }),
  )
  t.strictSame(order, [0, 1, 2, 3, 4, 5, 6, 7])
})

t.test('replies that come at once go on in a turn of the event loop each', async (t) => {
  const hasher = createHasher(t)
  await hasher.hash(PASSWORD)
  let turn = 0
  const count = () => {
    turn += 1
    counting = setImmediate(count)
  }
  let counting = setImmediate(count)
  const turns = await Promise.all(Array.from({ length: 60 }, () => hasher.hash(PASSWORD).then(() => turn)))
  clearImmediate(counting)
  t.equal(new Set(turns).size, turns.length)
})

t.test('beyond the limit people are turned away at once and told when to come back', async (t) => {
  const hasher = createHasher(t, { queueLimit: 60 })
  const accepted = Array.from({ length: 61 }, () => hasher.hash(PASSWORD))
  const refusal = await hasher.hash(PASSWORD).catch((error: unknown) => error)
  t.type(refusal, HashingBusy)
  t.throws(() => hasher.demandRoom(), HashingBusy)
  await Promise.all(accepted)
  t.ok(await hasher.hash(PASSWORD), 'afterwards there is room again')
  hasher.demandRoom()
})

t.test('people who are turned away at one moment are told different times to come back', async (t) => {
  const hasher = createHasher(t, { queueLimit: 60 })
  const accepted = Array.from({ length: 61 }, () => hasher.hash(PASSWORD))
  const refusals = await Promise.all(
    Array.from({ length: 200 }, () => hasher.hash(PASSWORD).catch((error: unknown) => error)),
  )
  // 61 jobs of 50 ms, the guess before the first is measured; and up to as long again.
  const seconds = refusals.map((refusal) => (refusal as HashingBusy).retryAfterSeconds)
  t.strictSame([...new Set(seconds)].toSorted(), [4, 5, 6, 7, 8])
  await Promise.all(accepted)
})

t.test('without a queue there are only the places in the process', async (t) => {
  const hasher = createHasher(t, { concurrency: 2, queueLimit: 0 })
  await hasher.hash(PASSWORD)
  const accepted = [hasher.hash(PASSWORD), hasher.hash(PASSWORD)]
  await t.rejects(hasher.hash(PASSWORD), { name: 'HashingBusy' })
  await Promise.all(accepted)
})

t.test('whoever leaves while waiting gives the place to another', async (t) => {
  const hasher = createHasher(t, { queueLimit: 1 })
  const hash = await hasher.hash(PASSWORD)
  const leaver = new AbortController()
  const running = hasher.hash(PASSWORD, { signal: leaver.signal })
  const waiting = hasher.verify(hash, PASSWORD, { signal: leaver.signal })
  await t.rejects(hasher.hash(PASSWORD), HashingBusy)
  leaver.abort(new Error('gone away'))
  const next = hasher.verify(hash, PASSWORD)
  await t.rejects(waiting, new Error('gone away'))
  t.ok(await running, 'what already runs is finished')
  t.equal(await next, true)
  await t.rejects(hasher.hash(PASSWORD, { signal: leaver.signal }), new Error('gone away'))
})

t.test('when the process is killed its jobs are done by the next one, and first', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, {}, watcher)
  const hash = await hasher.hash(PASSWORD)
  const order: string[] = []
  const lost = hasher.verify(hash, PASSWORD).finally(() => order.push('lost'))
  const waiting = hasher.verify(hash, 'wrong').finally(() => order.push('waiting'))
  process.kill(await watcher.ready(1), 'SIGKILL')
  t.strictSame(await Promise.all([lost, waiting]), [true, false])
  t.strictSame(order, ['lost', 'waiting'])
  t.equal(watcher.processIds.length, 2)
  t.match(watcher.lines.join('\n'), /password hashing died/)
  t.notMatch(watcher.lines.join('\n'), new RegExp(`${PASSWORD}|argon2id`))
})

t.test('whoever left before the process died is not served again', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, {}, watcher)
  await hasher.hash(PASSWORD)
  const leaver = new AbortController()
  const lost = hasher.hash(PASSWORD, { signal: leaver.signal })
  process.kill(await watcher.ready(1), 'SIGKILL')
  leaver.abort()
  await t.rejects(lost, HashingUnavailable)
})

t.test('a job that loses two processes fails, others fail at once until a third is ready', async (t) => {
  const watcher = createWatcher((processId, count) => {
    if (count === 2) process.kill(processId, 'SIGKILL')
  })
  const hasher = createHasher(t, {}, watcher)
  await hasher.hash(PASSWORD)
  const lost = hasher.hash(PASSWORD).catch((error: unknown) => error)
  const waiting = hasher.hash(PASSWORD).catch((error: unknown) => error)
  process.kill(await watcher.ready(1), 'SIGKILL')
  for (const failure of [await lost, await waiting]) {
    t.type(failure, HashingUnavailable)
    t.match(failure, { retryAfterSeconds: 1 })
    t.notMatch(inspect(failure), new RegExp(PASSWORD))
  }
  await t.rejects(hasher.hash(PASSWORD), HashingUnavailable)
  await watcher.ready(3)
  t.ok(await hasher.hash(PASSWORD))
  t.match(watcher.lines.join('\n'), /"pauseMs":0.*\n.*ready.*\n.*"pauseMs":100/)
})

t.test('a job that takes two processes with it is given up, others never notice', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, { concurrency: 2 }, watcher)
  const hash = await hasher.hash(PASSWORD)
  const slow = hasher.verify(`$argon2id$v=19$m=65536,t=64,p=1$${SALT}$${DIGEST}`, PASSWORD)
  process.kill(await watcher.ready(1), 'SIGKILL')
  t.equal(await hasher.verify(hash, PASSWORD), true)
  process.kill(await watcher.ready(2), 'SIGKILL')
  await t.rejects(slow, { name: 'HashingUnavailable', message: /its process died/ })
  t.equal(await hasher.verify(hash, PASSWORD), true)
  t.equal(watcher.processIds.length, 3)
})

t.test('a process that hangs is replaced', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, { silenceLimitMs: 5000 }, watcher)
  await hasher.hash(PASSWORD)
  process.kill(await watcher.ready(1), 'SIGSTOP')
  t.ok(await hasher.hash(PASSWORD))
  t.equal(watcher.processIds.length, 2)
})

t.test('signals meant for the whole group do not end the process', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, {}, watcher)
  const hash = await hasher.hash(PASSWORD)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const answer = hasher.verify(hash, PASSWORD)
    process.kill(await watcher.ready(1), signal)
    t.equal(await answer, true)
    t.equal(await hasher.verify(hash, PASSWORD), true)
  }
  t.equal(watcher.processIds.length, 1)
})

t.test('closing finishes what was accepted, refuses the rest and leaves no process', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, {}, watcher)
  const accepted = Array.from({ length: 5 }, () => hasher.hash(PASSWORD))
  const closed = hasher.close()
  await t.rejects(hasher.hash(PASSWORD), HashingUnavailable)
  t.equal((await Promise.all(accepted)).length, 5)
  await closed
  t.equal(isAlive(await watcher.ready(1)), false)
  await hasher.close()
})

t.test('closing before anything was started starts nothing', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, {}, watcher)
  await hasher.close()
  hasher.start()
  await t.rejects(hasher.hash(PASSWORD), HashingUnavailable)
  t.strictSame(watcher.lines, [])
})

t.test('closing works while the process has just died', async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, {}, watcher)
  await hasher.hash(PASSWORD)
  const lost = hasher.hash(PASSWORD)
  process.kill(await watcher.ready(1), 'SIGKILL')
  await hasher.close()
  t.ok(await lost)
  t.equal(isAlive(await watcher.ready(2)), false)
})

t.test('no process is left when the one that started it is killed', async (t) => {
  const script = `
    import { PasswordHasher } from ${JSON.stringify(new URL('../../src/secrets/password-hasher.js', import.meta.url))}
    const logger = { info: (details) => process.stdout.write(details.hashingProcessId + '\\n'), warn: () => {} }
    const hasher = new PasswordHasher({ concurrency: 1, logger })
    for (let index = 0; index < 100; index += 1) hasher.hash('').catch(() => {})`
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // The hashing process holds the same stderr, so this comes only when both are gone.
  const allGone = once(parent, 'close')
  const [processId]: unknown[] = await once(parent.stdout, 'data')
  t.ok(isAlive(Number(processId)))
  parent.stderr.resume()
  parent.kill('SIGKILL')
  t.strictSame(await allGone, [null, 'SIGKILL'])
})

t.test('argon2 failing is reported without a text and ends nothing', async (t) => {
  const watcher = createWatcher()
  const queue = new HashingQueue({
    concurrency: 1,
    queueLimit: 0,
    silenceLimitMs: 30_000,
    log: watcher.logger,
  })
  t.teardown(() => queue.close())
  const failure = queue.run({ kind: 'verify', password: PASSWORD, hash: 'not$a$hash' })
  await t.rejects(failure, { name: 'HashingUnavailable', message: /argon2 failed/ })
  t.type(
    await queue.run({ kind: 'hash', password: PASSWORD, parameters: { ...CHEAP, parallelism: 1 } }),
    'string',
  )
  t.equal(watcher.processIds.length, 1)
})

t.test('every thread that hashes gives way to the pages', onLinux, async (t) => {
  const watcher = createWatcher()
  const hasher = createHasher(t, { concurrency: 3 }, watcher)
  await hasher.hash(PASSWORD)
  const tasks = `/proc/${await watcher.ready(1)}/task`
  const priorities = readdirSync(tasks).map(
    (task) => readFileSync(`${tasks}/${task}/stat`, 'utf8').split(') ')[1]?.split(' ')[16],
  )
  t.ok(priorities.length >= 4)
  t.strictSame([...new Set(priorities)], ['15'])
})

t.test('the kernel is asked for large pages to hash in, where it waits to be asked', onRequest, async (t) => {
  const watcher = createWatcher()
  await createHasher(t, {}, watcher).hash(PASSWORD)
  const [, heap = ''] = readFileSync(`/proc/${await watcher.ready(1)}/smaps`, 'utf8').split('[heap]')
  t.match(/^VmFlags: .*$/m.exec(heap)?.[0], / hg\b/)
})

t.test('the process is told no secret of the service', onLinux, async (t) => {
  process.env['LATCHKEY_TEST_SECRET'] = 'do-not-inherit'
  t.teardown(() => delete process.env['LATCHKEY_TEST_SECRET'])
  const watcher = createWatcher()
  const hasher = createHasher(t, {}, watcher)
  await hasher.hash(PASSWORD)
  const about = `/proc/${await watcher.ready(1)}`
  t.match(readFileSync(`${about}/environ`, 'utf8'), /UV_THREADPOOL_SIZE=1/)
  t.notMatch(readFileSync(`${about}/environ`, 'utf8'), /do-not-inherit/)
  t.notMatch(readFileSync(`${about}/cmdline`, 'utf8'), new RegExp(PASSWORD))
})
