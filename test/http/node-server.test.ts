import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createNodeServer, type Shortcut } from '../../src/http/node-server.js'

const limits = { requestSeconds: 5, keepAliveSeconds: 5, connections: 10 }

/** As a page that asks the database. */
function answerLater(_req: IncomingMessage, res: ServerResponse): void {
  setImmediate(() => res.end('the usual way\n'))
}

async function startServer(t: Test, shortcut: Shortcut, handle = answerLater, longest = limits) {
  const server = createNodeServer(handle, longest, shortcut)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  /** Sends two requests on one connection. */
  const askTwice = async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    const text = (await socket.toArray()).join('')
    return text.split(/\r?\n/).filter((line) => line.startsWith('the '))
  }
  return { server, port, askTwice }
}

t.test('a shortcut is taken where it leads somewhere', async (t) => {
  let asked = 0
  const { askTwice } = await startServer(t, (_req, res) => {
    asked += 1
    if (asked === 1) res.end('the shortcut\n')
    return asked === 1
  })
  t.strictSame(await askTwice(), ['the shortcut', 'the usual way'])
})

t.test('no shortcut is taken while the server closes', async (t) => {
  const { server, askTwice } = await startServer(t, (_req, res) => {
    server.close()
    res.end('the shortcut\n')
    return true
  })
  t.strictSame(await askTwice(), ['the shortcut', 'the usual way'])
})

t.test('answers of the shortcut that would wait for another are counted', async (t) => {
  let shortcuts = 0
  const { port } = await startServer(t, (req, res) => {
    if (req.url === '/slow') return false
    shortcuts += 1
    res.end()
    return true
  })
  const send = async (...paths: string[]) => {
    const socket = connect(port, '127.0.0.1').resume()
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(''))
    await once(socket, 'close')
  }
  await send('/slow', ...Array<string>(10).fill('/'))
  t.equal(shortcuts, 0, 'and hung up on when they are too many')
  await send(...Array<string>(10).fill('/'))
  t.equal(shortcuts, 10, 'others are not')
  await send(...Array<string>(1000).fill('/'))
  t.ok(shortcuts < 100, 'nor are many more at once, which would keep everybody waiting')
})

t.test('what fails on a shortcut goes the usual way', async (t) => {
  const { askTwice } = await startServer(t, () => {
    throw new Error('a shortcut that ends in a wall')
  })
  t.strictSame(await askTwice(), ['the usual way', 'the usual way'])
  const { askTwice: askInVain } = await startServer(t, (_req, res) => {
    res.writeHead(200).flushHeaders()
    throw new Error('half an answer')
  })
  t.strictSame(await askInVain().catch(() => []), [], 'but not where a part of the answer is sent')
})

t.test('whoever does not read an answer is hung up on, the shortcut or not', async (t) => {
  const answerAll = (_req: IncomingMessage, res: ServerResponse) =>
    void res.end(Buffer.alloc(16 * 1024 * 1024))
  const shortcut: Shortcut = (req, res) => {
    if (req.url !== '/shortcut') return false
    answerAll(req, res)
    return true
  }
  const briefly = { ...limits, requestSeconds: 0.2, keepAliveSeconds: 0.2 }
  const { server, port } = await startServer(t, shortcut, answerAll, briefly)
  for (const path of ['/shortcut', '/']) {
    const accepted = once(server, 'connection')
    const client = connect(port, '127.0.0.1').pause()
    t.teardown(() => client.destroy())
    client.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
    const [socket] = (await accepted) as [Socket]
    const since = performance.now()
    await Promise.race([once(socket, 'close'), pause(5000, undefined, { ref: false })])
    t.ok(socket.destroyed, path)
    t.ok(performance.now() - since > 300, 'but not before its time')
  }
})
