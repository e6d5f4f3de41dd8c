import { median } from './median.js'

/** What was measured, and how it stands to its target. */
export type Figure = {
  subject: string
  measured: number
  unit: '/s' | 'ms' | 'MB'
  /** What it was measured against in the same rounds. */
  beside?: { name: string; measured: number; ratio: number }
  /** Of the ratio where there is one, otherwise of the figure itself. No target: only to be known. */
  target?: { atLeast: number } | { atMost: number }
  /** How much of the core other processes had meanwhile, from 0 to 1; null where it cannot be told. */
  othersShare?: number | null
}

/** One round of both sides, one right after the other, so that both meet the same weather on the machine. */
export type Round = { ours: number; theirs: number }

/** The median of each side, and the median of the ratios within each round. */
export function compare(
  rounds: readonly Round[],
  about: Pick<Figure, 'subject' | 'unit' | 'target' | 'othersShare'> & { besideName: string },
): Figure {
  const { besideName: name, ...figure } = about
  return {
    ...figure,
    measured: median(rounds.map(({ ours }) => ours)),
    beside: {
      name,
      measured: median(rounds.map(({ theirs }) => theirs)),
      ratio: median(rounds.map(({ ours, theirs }) => ours / theirs)),
    },
  }
}

// More than that and the figure says more about the others than about the service.
const toleratedShare = 0.05

export type Verdict = 'reached' | 'MISSED' | 'unsure'

/** What can be said of the target; null where there is none. Where others used the core, nothing can. */
export function judge({ measured, beside, target, othersShare }: Figure): Verdict | null {
  if (target === undefined) return null
  if ((othersShare ?? 0) > toleratedShare) return 'unsure'
  const judged = beside?.ratio ?? measured
  const isReached = 'atLeast' in target ? judged >= target.atLeast : judged <= target.atMost
  return isReached ? 'reached' : 'MISSED'
}
