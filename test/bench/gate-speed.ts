import type { BarePage } from './bare-page-process.js'
import { addUnusedSessions, openSessions } from './bench-sessions.js'
import { ComparisonProcess } from './comparison-process.js'
import { CoreWatch } from './core-watch.js'
import { compare, type Figure, type Round } from './figure.js'
import { gateHeaders, gatePath, gateRequest, gateSettings } from './gate-request.js'
import { measureRate } from './load.js'
import { median } from './median.js'
import { demandSameBytes, readPage } from './page-speed.js'
import type { Placement } from './placement.js'
import type { SelectPage } from './select-process.js'
import { measureStormEffects } from './storm-effects.js'
import { WebProcess } from './web-process.js'

const connections = 32
// Seen on one busy core: V8 has compiled all that is asked for after three seconds.
const warmUpMs = 4000
const rounds = 7
const roundMs = 800
const [few, many] = [1000, 1_000_000]

/**
 * What every request of every app passes: forward auth for somebody who is signed in, against the same answer without
 * a database and with a select at each request, with few and many sessions, and in a storm of sign-ins.
 */
export async function measureGate(
  databaseUrl: string,
  accounts: readonly string[],
  placement: Placement,
): Promise<Figure[]> {
  const web = await WebProcess.start(databaseUrl, placement, gateSettings)
  const tokens = await openSessions(databaseUrl, few)
  const requests = tokens.map(gateRequest)
  let asked = 0
  const nextRequest = () => requests[asked++ % few] ?? Buffer.alloc(0)
  const rate = (port: number, durationMs = roundMs) =>
    measureRate({ port, connections, durationMs, nextRequest, status: 200 })

  const page = await readPage(web.port, gatePath, gateHeaders(tokens[0] ?? ''))
  const bare = new ComparisonProcess<BarePage, number>('bare-page-process', placement)
  const select = new ComparisonProcess<SelectPage, number>('select-process', placement)
  const barePort = await bare.ask(page)
  const selectPort = await select.ask({ ...page, databaseUrl })
  for (const port of [barePort, selectPort]) {
    await demandSameBytes(web.port, port, nextRequest())
    await rate(port, warmUpMs)
  }
  await rate(web.port, warmUpMs)

  const watch = new CoreWatch(placement, [web.pid, bare.pid, select.pid])
  const besideBare: Round[] = []
  const besideSelect: Round[] = []
  for (let round = 0; round < rounds; round++) {
    const ours = await rate(web.port)
    besideBare.push({ ours, theirs: await rate(barePort) })
    besideSelect.push({ ours, theirs: await rate(selectPort) })
  }
  const shares = [watch.othersShare()]
  select.end()

  await addUnusedSessions(databaseUrl, many - few)
  const laterWatch = new CoreWatch(placement, [web.pid, bare.pid])
  const withMany: Round[] = []
  for (let round = 0; round < rounds; round++) {
    withMany.push({ ours: await rate(web.port), theirs: await rate(barePort) })
  }
  shares.push(laterWatch.othersShare())
  bare.end()
  const visits = { subject: 'Gate in a storm, p99', target: { atMost: 2 }, nextRequest }
  const storm = await measureStormEffects(web, accounts, visits, placement)
  await web.stop()

  const othersShare = shares.includes(null) ? null : Math.max(...shares.map(Number))
  const about = { subject: 'Gate', unit: '/s', othersShare } as const
  return [
    compare(besideBare, { ...about, besideName: 'bare route', target: { atLeast: 0.75 } }),
    compare(besideSelect, { ...about, besideName: 'select route', target: { atLeast: 3 } }),
    {
      ...about,
      subject: 'Gate, 1,000,000 sessions',
      measured: median(withMany.map(({ ours }) => ours)),
      beside: {
        name: '1,000',
        measured: median(besideBare.map(({ ours }) => ours)),
        // Both series through the bare route, which knows no sessions: the weather may have changed in between.
        ratio: ratioOf(withMany) / ratioOf(besideBare),
      },
      target: { atLeast: 0.9 },
    },
    storm.pages,
  ]
}

function ratioOf(series: readonly Round[]): number {
  return median(series.map(({ ours, theirs }) => ours / theirs))
}
