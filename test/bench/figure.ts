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
}

/** One round of both sides, one right after the other, so that both meet the same weather on the machine. */
export type Round = { ours: number; theirs: number }

/** The median of each side, and the median of the ratios within each round. */
export function compare(
  rounds: readonly Round[],
  about: Pick<Figure, 'subject' | 'unit' | 'target'> & { besideName: string },
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

/** Whether the target is reached; true where there is none. */
export function isReached({ measured, beside, target }: Figure): boolean {
  const judged = beside?.ratio ?? measured
  if (target === undefined) return true
  return 'atLeast' in target ? judged >= target.atLeast : judged <= target.atMost
}
