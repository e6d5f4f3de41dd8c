import type { BarePage } from './bare-page-process.js'
import { ComparisonProcess } from './comparison-process.js'
import { CoreWatch } from './core-watch.js'
import { compare, type Figure, type Round } from './figure.js'
import { fetchOnce } from './http-connection.js'
import { measureRate } from './load.js'
import type { Placement } from './placement.js'
import { getRequest } from './requests.js'
import type { WebProcess } from './web-process.js'

const connections = 10
const warmUpMs = 1500
const rounds = 7
const roundMs = 1000

/** Headers that Node or Fastify add by themselves, in both processes. */
const addedByItself = new Set(['date', 'connection', 'keep-alive', 'content-length'])

export type MeasuredPage = { path: string } & Pick<Figure, 'subject' | 'target'>

/** A page of the service against a bare Fastify route that answers the same bytes. */
export async function measurePageSpeed(
  web: WebProcess,
  { path, ...about }: MeasuredPage,
  placement: Placement,
): Promise<Figure> {
  const bare = new ComparisonProcess<BarePage, number>('bare-page-process', placement)
  const barePort = await bare.ask(await readPage(web.port, path))
  await demandSameBytes(web.port, barePort, getRequest(web.port, path))

  const rate = (port: number, durationMs: number) => {
    const request = getRequest(port, path)
    return measureRate({ port, connections, durationMs, nextRequest: () => request, status: 200 })
  }
  await rate(web.port, warmUpMs)
  await rate(barePort, warmUpMs)
  const watch = new CoreWatch(placement, [web.pid, bare.pid])
  const measured: Round[] = []
  for (let round = 0; round < rounds; round++) {
    measured.push({ ours: await rate(web.port, roundMs), theirs: await rate(barePort, roundMs) })
  }
  const othersShare = watch.othersShare()
  bare.end()
  return compare(measured, { ...about, othersShare, unit: '/s', besideName: 'bare route' })
}

/** What a bare route must answer to answer the same. */
export async function readPage(
  port: number,
  path: string,
  asked: Record<string, string> = {},
): Promise<BarePage> {
  const response = await fetch(`http://localhost:${port}${path}`, { headers: asked })
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !addedByItself.has(name)))
  const seconds = Number(/timeout=(\d+)/.exec(response.headers.get('keep-alive') ?? '')?.[1])
  return { path, headers, body: await response.text(), keepAliveSeconds: seconds }
}

export async function demandSameBytes(port: number, barePort: number, request: Buffer): Promise<void> {
  const ours = await fetchOnce(port, request)
  const theirs = await fetchOnce(barePort, request)
  if (ours.bytes === theirs.bytes && namesIn(ours.head) === namesIn(theirs.head)) return
  throw new Error(`the bare route answers other bytes:\n${ours.head}\n${theirs.head}`)
}

function namesIn(head: string): string {
  const names = head.split('\r\n').map((line) => line.split(':', 1)[0]?.toLowerCase())
  return names.toSorted().join()
}
