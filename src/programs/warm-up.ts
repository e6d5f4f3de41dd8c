import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compileProgram, keepCompiled, runProgram } from './compiled-program.js'
import { findFreePort } from './find-free-port.js'

/** Has the web process show its first page, without any database, and keeps what was compiled for it. */
async function warmUp(): Promise<void> {
  const port = await findFreePort()
  // Settings of whoever builds it are none of its business.
  process.env = { PORT: String(port), DATABASE_URL: 'postgres://127.0.0.1:1/none', LOG_LEVEL: 'fatal' }
  const program = fileURLToPath(new URL('service.js', import.meta.url))
  const script = compileProgram(program)
  runProgram(script, program)
  while (!(await showsPage(`http://127.0.0.1:${port}/login`))) await pause(20)
  keepCompiled(script, program)
  process.exit()
}

async function showsPage(address: string): Promise<boolean> {
  const reply = await fetch(address).catch(() => null)
  return reply?.ok ?? false
}

void warmUp()
