import { setTimeout as pause } from 'node:timers/promises'
import { CoreWatch } from './core-watch.js'
import { compare, type Figure, type Round } from './figure.js'
import { percentile99 } from './median.js'
import { MemoryWatch } from './memory.js'
import type { Placement } from './placement.js'
import { Storm, type StormTally } from './storm.js'
import { visitPage } from './visits.js'
import type { WebProcess } from './web-process.js'

const rounds = 5
const calmMs = 2500
const gatheringMs = 1000
const stormMs = 3000
const people = 200

export type StormEffects = {
  pages: Figure
  memory: { web: number; hashing: number }
  tally: StormTally
}

/** What a storm of sign-ins does to visits of another kind, and to memory: the most of all rounds. */
export async function measureStormEffects(
  web: WebProcess,
  accounts: readonly string[],
  visits: { subject: string; target: { atMost: number }; nextRequest: () => Buffer },
  placement: Placement,
): Promise<StormEffects> {
  const { nextRequest, ...about } = visits
  const waits: Round[] = []
  const tally: StormTally = { people, signedIn: 0, askedToWait: 0 }
  const memory = { web: new MemoryWatch(web.pid), hashing: new MemoryWatch(await web.hashingPid()) }
  const watch = new CoreWatch(placement, [web.pid])
  // As with all rates, the first time is not measured: V8 has yet to compile what signs people in.
  const first = new Storm(web.port, accounts, people)
  await pause(stormMs)
  await first.end()
  for (let round = 0; round < rounds; round++) {
    const theirs = percentile99(await visitPage(web.port, nextRequest, calmMs))
    const storm = new Storm(web.port, accounts, people)
    await pause(gatheringMs)
    waits.push({ ours: percentile99(await visitPage(web.port, nextRequest, stormMs)), theirs })
    await storm.end()
    tally.signedIn += storm.tally.signedIn
    tally.askedToWait += storm.tally.askedToWait
  }
  const othersShare = watch.othersShare()
  memory.web.end()
  memory.hashing.end()
  return {
    pages: compare(waits, {
      ...about,
      unit: 'ms',
      besideName: 'idle',
      othersShare,
    }),
    memory: { web: memory.web.peak, hashing: memory.hashing.peak },
    tally,
  }
}
