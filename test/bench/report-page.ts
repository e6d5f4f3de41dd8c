import { cpus } from 'node:os'
import { judge, type Figure, type Verdict } from './figure.js'
import type { Placement } from './placement.js'
import { resultTable } from './result-table.js'
import type { StormTally } from './storm.js'

export type Report = {
  figures: readonly Figure[]
  placement: Placement
  tally: StormTally
}

/** The page that the bench prints, 80 columns wide. */
export function reportPage({ figures, placement, tally }: Report): string {
  return `
Latchkey on ${machine()}

${resultTable(figures)}

${verdict(figures)}

Figures are medians of several rounds. Each round measures both sides, one right
after the other; the ratio is the median of the rounds' own ratios.

  bare argon2  the argon2 package alone, same cost and as many at a time
  bare route   Fastify alone, answering the same headers and the same bytes
  idle         the same visits, 250 a second, before the storm
  storm        ${tally.people} people sign in over and over: ${signIns(tally)}
  MB           a million bytes resident; in the storm, the most that was seen

${whereItRan(placement)}
`
}

function machine(): string {
  const all = cpus()
  return `${all.length} × ${all[0]?.model.trim() ?? 'processor'}, Node ${process.versions.node}`
}

function verdict(figures: readonly Figure[]): string {
  const count = (wanted: Verdict) => figures.filter((figure) => judge(figure) === wanted).length
  const [reached, missed, unsure] = [count('reached'), count('MISSED'), count('unsure')]
  const tally = `Targets: ${reached} reached, ${missed} missed, ${unsure} unsure.`
  if (unsure === 0) return tally
  const most = Math.max(...figures.map(({ othersShare }) => othersShare ?? 0))
  return `${tally}
UNSURE: processes that are none of the bench's took up to ${Math.round(most * 100)} % of the core that is
measured. Such figures say nothing, good or bad; run it on a machine at rest.`
}

function signIns({ signedIn, askedToWait }: StormTally): string {
  return `${signedIn.toLocaleString('en')} did, ${askedToWait.toLocaleString('en')} had to wait`
}

function whereItRan(placement: Placement): string {
  if (placement === null) {
    return `NOT PINNED: there is no taskset or only one core here. The web process, Postgres
and the load got in each other's way; take the figures with a grain of salt.`
  }
  const postgres = process.env['DATABASE_URL']
    ? 'The load ran on core LOAD; the Postgres of DATABASE_URL\nran where its server runs it.'
    : 'Postgres and the load ran on core LOAD.'
  return `The web process, hashing, and what stands beside them ran on core ${placement.webCore}.
${postgres.replace('LOAD', String(placement.loadCore))}`
}
