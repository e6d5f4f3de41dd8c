// Has `npm start` answer in the present folder, then leave: proves that it works as it lies there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const patienceMs = 60_000

const port = await freePort()
const began = Date.now()
// A group of its own, as a terminal would make one: npm and the service both hear the end.
const npm = spawn('npm', ['start'], {
  env: { ...process.env, PORT: String(port), LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: true,
})
const gone = once(npm, 'exit')
const hasEnded = () => npm.exitCode !== null || npm.signalCode !== null

try {
  const page = await firstPage(`http://127.0.0.1:${port}/login`)
  if (!page.includes('<form')) throw new Error('GET /login shows no form')
  process.stdout.write(`npm start: the first page after ${Date.now() - began} ms\n`)
} catch (error) {
  process.stdout.write(`${error.message}\n`)
  process.exitCode = 1
} finally {
  if (!hasEnded()) process.kill(-npm.pid, 'SIGTERM')
  await gone
}

async function firstPage(address) {
  while (!hasEnded() && Date.now() - began < patienceMs) {
    const reply = await fetch(address).catch(() => null)
    if (reply?.status === 200) return reply.text()
    await pause(50)
  }
  throw new Error(
    hasEnded() ? 'npm start ended by itself' : `npm start did not answer within ${patienceMs} ms`,
  )
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address()
  server.close()
  await once(server, 'close')
  return free
}
