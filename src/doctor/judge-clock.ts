import type { Examination } from './examination.js'
import type { Finding } from './finding.js'

const harmlessMs = 1000
const bearableMs = 10_000

/** Whether the node and the database agree on the time, by which sessions end. */
export function judgeClock({ plain }: Pick<Examination, 'plain'>): Finding {
  const about = 'Clock'
  const { clockOffsetMs } = plain
  const size = Math.abs(clockOffsetMs)
  if (size <= harmlessMs)
    return { about, verdict: 'good', text: 'The service and the database agree on the time.' }
  const seconds = (size / 1000).toFixed(size < bearableMs ? 1 : 0)
  return {
    about,
    verdict: size <= bearableMs ? 'doubtful' : 'bad',
    text: `The clock of the service is ${seconds} s ${clockOffsetMs > 0 ? 'ahead of' : 'behind'} that of the database.`,
    remedy: 'Let both machines keep time by NTP: sessions and codes end by these clocks.',
  }
}
