import { HttpConnection, type Answer } from './http-connection.js'

export type Load = {
  port: number
  /** How many send at once, each its next request as soon as the last is answered. */
  connections: number
  durationMs: number
  nextRequest: () => Buffer
  /** Every answer must have this status: what is refused costs less and must not count. */
  status: number
}

/**
 * Keeps a service as busy as it gets.
 *
 * @returns answers per second, from the first answer to the last
 * @throws Error when an answer has another status
 */
export async function measureRate(load: Load): Promise<number> {
  const answeredAt: number[] = []
  const until = performance.now() + load.durationMs
  await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const connection = await HttpConnection.open(load.port)
      while (performance.now() < until) {
        demandStatus(await connection.exchange(load.nextRequest()), load.status)
        answeredAt.push(performance.now())
      }
      connection.close()
    }),
  )
  return rateOf(answeredAt)
}

/** Events per second between the first and the last of these times in milliseconds. */
export function rateOf(times: readonly number[]): number {
  return ((times.length - 1) * 1000) / ((times.at(-1) ?? 0) - (times[0] ?? 0))
}

function demandStatus({ status, head }: Answer, demanded: number): void {
  if (status !== demanded) throw new Error(`an answer had status ${status} and not ${demanded}:\n${head}`)
}
