import { ComparisonProcess } from './comparison-process.js'
import { CoreWatch } from './core-watch.js'
import { compare, type Figure, type Round } from './figure.js'
import { measureRate } from './load.js'
import type { Placement } from './placement.js'
import type { RawHashing } from './raw-hashing-process.js'
import { loginRequest, registerRequest } from './requests.js'
import type { WebProcess } from './web-process.js'

const connections = 16
const rounds = 15
const roundMs = 1000
const target = { atLeast: 0.95 }

/** Sign-ins and registrations against what the argon2 package does in a bare process on the same core. */
export async function measureHashingSpeed(
  web: WebProcess,
  accounts: readonly string[],
  placement: Placement,
): Promise<Figure[]> {
  const bare = new ComparisonProcess<RawHashing, number>('raw-hashing-process', placement)
  const rawRate = (work: RawHashing['work']) => bare.ask({ work, durationMs: roundMs })
  const rate = (nextRequest: () => Buffer) =>
    measureRate({ port: web.port, connections, durationMs: roundMs, nextRequest, status: 303 })
  let count = 0
  const nextAccount = () => accounts[count++ % accounts.length] ?? ''

  const signInRate = () => rate(() => loginRequest(web.port, nextAccount()))
  const registrationRate = () => rate(() => registerRequest(web.port, `newcomer${count++}`))
  // Code that has run but a few times is slower than it will be.
  await signInRate()
  await registrationRate()

  const watch = new CoreWatch(placement, [web.pid, bare.pid])
  const signIns: Round[] = []
  const registrations: Round[] = []
  for (let round = 0; round < rounds; round++) {
    signIns.push({ ours: await signInRate(), theirs: await rawRate('verify') })
    registrations.push({ ours: await registrationRate(), theirs: await rawRate('hash') })
  }
  const othersShare = watch.othersShare()
  bare.end()
  const about = { unit: '/s', besideName: 'bare argon2', target, othersShare } as const
  return [
    compare(signIns, { subject: 'Sign-ins', ...about }),
    compare(registrations, { subject: 'Registrations', ...about }),
  ]
}
