import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'

const digestLength = 32

/**
 * Compiles a program, a file of CommonJS, with what `keepCompiled` has kept of it. That saves a seventh of the time
 * that the web process takes to start. What was kept of another text, or is damaged, is not looked at; what another version of
 * Node has kept, V8 refuses. Then it compiles as usual.
 * @param program the path of the file
 */
export function compileProgram(program: string): Script {
  const text = readFileSync(program, 'utf8')
  const kept = readKept(program, text)
  return new Script(Module.wrap(text), {
    filename: pathToFileURL(program).href,
    ...(kept && { cachedData: kept }),
  })
}

/** Runs it as Node would run the file. */
export function runProgram(script: Script, program: string): void {
  const module = { exports: {} }
  const run: (...given: unknown[]) => void = script.runInThisContext()
  run(module.exports, createRequire(program), module, program, dirname(program))
}

/** Keeps what V8 has compiled of it until now, functions included that are compiled when they are first called. */
export function keepCompiled(script: Script, program: string): void {
  const compiled = script.createCachedData()
  const digest = digestOf(readFileSync(program, 'utf8'), compiled)
  const unfinished = `${keptIn(program)}.unfinished`
  writeFileSync(unfinished, Buffer.concat([digest, compiled]))
  renameSync(unfinished, keptIn(program))
}

/** V8 itself compares no more than the lengths of texts, and takes for granted that nothing is damaged. */
function readKept(program: string, text: string): Buffer | undefined {
  try {
    const kept = readFileSync(keptIn(program))
    const compiled = kept.subarray(digestLength)
    return digestOf(text, compiled).equals(kept.subarray(0, digestLength)) ? compiled : undefined
  } catch {
    return undefined
  }
}

function digestOf(text: string, compiled: Buffer): Buffer {
  return createHash('sha256').update(text).update(compiled).digest()
}

function keptIn(program: string): string {
  return program.replace(/\.js$/, '.v8')
}
