import { CoreWatch } from './core-watch.js'
import type { Figure } from './figure.js'
import { median } from './median.js'
import type { Placement } from './placement.js'
import { WebProcess } from './web-process.js'

const starts = 9

/** How long a start takes until the first page, on a Postgres that runs and has its tables. */
export async function measureStartTime(databaseUrl: string, placement: Placement): Promise<Figure> {
  const times: number[] = []
  const shares: number[] = []
  for (let start = 0; start < starts; start++) {
    const watch = new CoreWatch(placement, [])
    const web = await WebProcess.start(databaseUrl, placement)
    times.push(web.startMs)
    shares.push(watch.othersShare([web.pid]) ?? 0)
    await web.stop()
  }
  return {
    subject: 'First page after start',
    measured: median(times),
    unit: 'ms',
    target: { atMost: 350 },
    othersShare: median(shares),
  }
}
