// A process of its own: the argon2 package, hashing as fast as it can, and nothing else.
import { availableParallelism } from 'node:os'
import { argon2id, hash, verify } from 'argon2'
import { rateOf } from './load.js'
import { benchPassword } from './requests.js'

/** What to do, for how long. */
export type RawHashing = { work: 'hash' | 'verify'; durationMs: number }

// The cost, the number at a time, and the salts are those that Latchkey has by default.
const cost = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const concurrency = availableParallelism()

const kept = hash(benchPassword, cost)

process.on('disconnect', () => process.exit())
process.on('message', async ({ work, durationMs }: RawHashing) => {
  const phc = await kept
  const once = work === 'hash' ? () => hash(benchPassword, cost) : () => verify(phc, benchPassword)
  const doneAt: number[] = []
  const until = performance.now() + durationMs
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < until) {
        await once()
        doneAt.push(performance.now())
      }
    }),
  )
  process.send?.(rateOf(doneAt))
})
