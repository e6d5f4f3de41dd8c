// Runs as a process of its own, started by HashingProcess: argon2 here takes no time and no memory from the pages.
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { setPriority } from 'node:os'
import { argon2id, hash, verify } from 'argon2'
import type { HashingOrder } from './hashing-order.js'
import type { HashingReply } from './hashing-reply.js'
import type { HashingWork } from './hashing-work.js'

// At 10 a page now and then waits a whole tick of the scheduler (4 ms) for a hash; at 19 as seldom as at 15, but a busy
// process on the same core leaves next to no hashes.
const LOW_PRIORITY = 15

const REPLIES_AT_ONCE = 4
const threads = Number(process.env['UV_THREADPOOL_SIZE'])

let ordersInWork = 0
const held: HashingReply[] = []

giveWay()
// Ctrl-C and service managers signal the whole group, but people already signing in still need their answer.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())
process.on('message', (order: HashingOrder) => void answer(order))
reply({ kind: 'ready' })

/** Lets every other process run first whenever it wants to. */
function giveWay(): void {
  try {
    // Linux keeps a priority per thread, and loading this file has already started the threads that hash.
    for (const thread of threadIds()) setPriority(thread, LOW_PRIORITY)
  } catch {
    // Hashing at the usual priority is slower for the pages, but still right.
  }
}

function threadIds(): number[] {
  return process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [process.pid]
}

/** Replies at once, unless all threads have other work: then a few replies go together and wake the web process once. */
async function answer(order: HashingOrder): Promise<void> {
  ordersInWork += 1
  held.push(await carryOut(order))
  ordersInWork -= 1
  if (ordersInWork >= threads && held.length < REPLIES_AT_ONCE) return
  for (const message of held.splice(0)) reply(message)
}

async function carryOut({ id, work }: HashingOrder): Promise<HashingReply> {
  try {
    return { kind: 'done', id, value: await perform(work) }
  } catch {
    return { kind: 'failed', id }
  }
}

function perform(work: HashingWork): Promise<string | boolean> {
  if (work.kind === 'verify') return verify(work.hash, work.password)
  const { memoryKiB, iterations, parallelism } = work.parameters
  return hash(work.password, {
    type: argon2id,
    memoryCost: memoryKiB,
    timeCost: iterations,
    parallelism,
    salt: randomBytes(16),
    hashLength: 32,
  })
}

function reply(message: HashingReply): void {
  // Without a callback, a parent that has just died would end this process with a stack trace.
  process.send?.(message, undefined, undefined, () => undefined)
}
