import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compileProgram, keepCompiled, runProgram } from '../src/compiled-program.js'
import { projectFolder } from '../src/project-folder.js'

const heard: unknown[] = []
Object.assign(globalThis, { heard })
t.beforeEach(() => {
  heard.length = 0
})

function writeProgram(t: Test, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'program.js')
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

t.test('what was kept of anything else is not used', async (t) => {
  const program = writeProgram(t, 'heard.push(1)')
  keepCompiled(compileProgram(program), program)
  writeFileSync(program, 'heard.push(1, 2)')
  const longer = compileProgram(program)
  t.equal(longer.cachedDataRejected, true)
  runProgram(longer, program)
  t.strictSame(heard, [1, 2])

  writeFileSync(program.replace(/\.js$/, '.v8'), 'nonsense')
  runProgram(compileProgram(program), program)
  t.strictSame(heard, [1, 2, 1, 2])
})

t.test('the web process was built with what this Node takes', async (t) => {
  const { cachedDataRejected } = compileProgram(join(projectFolder, 'dist/bin/service.js'))
  t.equal(cachedDataRejected, false)
})
