// Prints "passed failed left" out of a TAP file of tap's; `left` is what was skipped or is still to do.
import { existsSync, readFileSync } from 'node:fs'

try {
  const { total, pass, fail, skip, todo } = readCounts(process.argv[2] ?? '')
  if (total === 0) throw new Error('No test was run.')
  if (total !== pass + fail + skip + todo) throw new Error('The counts of the test runner do not add up.')
  process.stdout.write(`${pass} ${fail} ${skip + todo}\n`)
} catch (error) {
  process.stdout.write(`${error.message}\n`)
  process.exitCode = 1
}

function readCounts(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  // At the start of a line: the counts of the whole run. What tests print themselves is indented.
  const totals = [...text.matchAll(/^# \{ (total: .*) \}$/gm)].map(([, counts]) => counts)
  if (totals.length !== 1) throw new Error(`The test runner left ${totals.length} totals instead of one.`)
  const counts = { pass: 0, fail: 0, skip: 0, todo: 0 }
  for (const entry of totals[0].split(', ')) {
    const [, name, count] = /^(total|pass|fail|skip|todo): (\d+)$/.exec(entry) ?? []
    if (name === undefined) throw new Error(`The test runner counts something unknown: ${entry}`)
    counts[name] = Number(count)
  }
  return counts
}
