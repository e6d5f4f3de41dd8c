import { judge, type Figure } from './figure.js'

const widths = { subject: 26, measured: 10, beside: 20, ratio: 5, target: 7 }

/** Lays figures out as a table of 80 columns, a line each. */
export function resultTable(figures: readonly Figure[]): string {
  const head = row('', 'measured', 'beside', 'ratio', 'target', '')
  return [head, ...figures.map(line)].map((text) => text.trimEnd()).join('\n')
}

function line(figure: Figure): string {
  const { subject, measured, unit, beside, target } = figure
  return row(
    subject,
    amount(measured, unit),
    beside === undefined ? '' : `${amount(beside.measured, unit)} ${beside.name}`,
    beside === undefined ? '' : beside.ratio.toFixed(2),
    target === undefined ? '' : 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`,
    judge(figure) ?? '',
  )
}

function row(
  subject: string,
  measured: string,
  beside: string,
  ratio: string,
  target: string,
  verdict: string,
): string {
  return [
    subject.padEnd(widths.subject),
    measured.padStart(widths.measured),
    '  ',
    beside.padEnd(widths.beside),
    ratio.padStart(widths.ratio),
    '  ',
    target.padEnd(widths.target),
    verdict,
  ].join('')
}

/** As many digits as such a figure is good for. */
function amount(value: number, unit: Figure['unit']): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return unit === '/s' ? `${text}/s` : `${text} ${unit}`
}
