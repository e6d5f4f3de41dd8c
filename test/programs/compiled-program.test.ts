import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compileProgram, keepCompiled, runProgram } from '../../src/programs/compiled-program.js'
import { projectFolder } from '../../src/project-folder.js'
import { makeFolder } from '../make-folder.js'

const heard: unknown[] = []
Object.assign(globalThis, { heard })
t.beforeEach(() => {
  heard.length = 0
})

function writeProgram(t: Test, text: string): string {
  const program = join(makeFolder(t), 'program.js')
  writeFileSync(program, text)
  return program
}

t.test('a program runs as Node would run it, the first time and from what was kept', async (t) => {
  const program = writeProgram(t, "heard.push(__filename, typeof require('node:fs').statSync, 'ä')")
  const first = compileProgram(program)
  runProgram(first, program)
  keepCompiled(first, program)
  const second = compileProgram(program)
  t.equal(second.cachedDataRejected, false)
  runProgram(second, program)
  t.strictSame(heard, [program, 'function', 'ä', program, 'function', 'ä'])
})

t.test('what was kept of anything else, or is damaged, is not used', async (t) => {
  const program = writeProgram(t, 'heard.push(1)')
  const kept = program.replace(/\.js$/, '.v8')
  keepCompiled(compileProgram(program), program)
  for (const text of ['heard.push(2)', 'heard.push(3, 4)']) {
    writeFileSync(program, text)
    const other = compileProgram(program)
    t.equal(other.cachedDataRejected, undefined, `${text}: not shown to V8`)
    runProgram(other, program)
  }
  t.strictSame(heard, [2, 3, 4], 'also one of the same length')

  keepCompiled(compileProgram(program), program)
  const whole = readFileSync(kept)
  t.equal(compileProgram(program).cachedDataRejected, false)
  const middle = Math.floor(whole.length / 2)
  for (const damaged of [Buffer.from(whole).fill(0, middle, middle + 20), whole.subarray(0, middle), '']) {
    writeFileSync(kept, damaged)
    t.equal(compileProgram(program).cachedDataRejected, undefined)
  }
})

t.test('the web process was built with what this Node takes', async (t) => {
  const { cachedDataRejected } = compileProgram(join(projectFolder, 'dist/bin/service.js'))
  t.equal(cachedDataRejected, false)
})
