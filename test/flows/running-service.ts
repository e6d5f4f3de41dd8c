import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'
import { projectFolder } from '../../src/project-folder.js'
import { until } from '../database/until.js'

export type RunningService = {
  child: ChildProcess
  /** Where it answers; known once it is ready. */
  origin: string
  /** Everything that it printed so far. */
  output: () => string
  /** Sends a signal and resolves with the exit code, null when the signal ended it. */
  end: (signal: NodeJS.Signals) => Promise<number | null>
}

const program = join(projectFolder, 'dist/bin/main.js')

/**
 * Starts the web process as an operator does, on any free port.
 *
 * @param settings environment variables; none of the surrounding ones reach it but PATH
 * @param readyWords what it prints when the test may go on
 */
export async function runService(
  t: Test,
  settings: Record<string, string>,
  readyWords = 'Latchkey is ready',
): Promise<RunningService> {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const exited = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const [code] = (await exited) as [number | null]
    return code
  }
  t.teardown(() => end('SIGKILL'))
  const words = [readyWords, 'listening on']
  await until(() => words.every((each) => output.includes(each)) || child.exitCode !== null)
  const [, origin = ''] = /listening on (http:\/\/[\d.:]+)/.exec(output) ?? []
  return { child, origin, output: () => output, end }
}
