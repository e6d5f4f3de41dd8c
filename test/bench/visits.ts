import { setTimeout as pause } from 'node:timers/promises'
import { HttpConnection } from './http-connection.js'

const everyMs = 4

/**
 * Sends a request 250 times a second for a while, whether or not earlier visits are answered yet: visitors do not
 * wait for each other.
 *
 * @returns milliseconds that each visit took
 */
export async function visitPage(
  port: number,
  nextRequest: () => Buffer,
  durationMs: number,
): Promise<number[]> {
  const free: HttpConnection[] = []
  const tookMs: number[] = []
  const visit = async () => {
    const connection = free.pop() ?? (await HttpConnection.open(port))
    const startedAt = performance.now()
    const { status } = await connection.exchange(nextRequest())
    tookMs.push(performance.now() - startedAt)
    if (status !== 200) throw new Error(`a visit had status ${status}`)
    free.push(connection)
  }

  const visits: Promise<void>[] = []
  const until = performance.now() + durationMs
  while (performance.now() < until) {
    visits.push(visit())
    await pause(everyMs)
  }
  await Promise.all(visits)
  for (const connection of free) connection.close()
  return tookMs
}
