import type { BarePage } from './bare-page-process.js'
import { ComparisonProcess } from './comparison-process.js'
import { CoreWatch } from './core-watch.js'
import { compare, type Figure, type Round } from './figure.js'
import { fetchOnce } from './http-connection.js'
import { median } from './median.js'
import { readPage } from './page-speed.js'
import type { Placement } from './placement.js'
import { getRequest } from './requests.js'
import { WebProcess } from './web-process.js'

const starts = 9
const path = '/login'

/**
 * How long a start takes until the first page, on a Postgres that runs and has its tables; once by itself and once
 * against a bare route, for a machine on which Node alone is slow.
 */
export async function measureStartTime(databaseUrl: string, placement: Placement): Promise<Figure[]> {
  const rounds: Round[] = []
  const shares: number[] = []
  for (let start = 0; start < starts; start++) {
    const watch = new CoreWatch(placement, [])
    const web = await WebProcess.start(databaseUrl, placement)
    shares.push(watch.othersShare([web.pid]) ?? 0)
    const page = await readPage(web.port, path)
    await web.stop()
    rounds.push({ ours: web.startMs, theirs: await startBareRoute(page, placement) })
  }
  const about = {
    subject: 'First page after start',
    unit: 'ms',
    othersShare: median(shares),
  } as const
  return [
    { ...about, measured: median(rounds.map(({ ours }) => ours)), target: { atMost: 350 } },
    compare(rounds, { ...about, besideName: 'bare route' }),
  ]
}

/** Milliseconds from starting it to the last byte of its first page. */
async function startBareRoute(page: BarePage, placement: Placement): Promise<number> {
  const startedAt = performance.now()
  const bare = new ComparisonProcess<BarePage, number>('bare-page-process', placement)
  const port = await bare.ask(page)
  await fetchOnce(port, getRequest(port, path))
  const tookMs = performance.now() - startedAt
  bare.end()
  return tookMs
}
