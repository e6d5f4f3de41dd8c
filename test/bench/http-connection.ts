import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer: its status, its head as text, and the bytes of both its parts together. */
export type Answer = { status: number; head: string; bytes: number }

type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void }

/**
 * One connection that sends bytes made beforehand and reads as much of an answer as tells where it ends. It has to
 * share a core with Postgres, and a load that is slower than what it measures makes all services look alike.
 */
export class HttpConnection {
  readonly #socket: Socket
  #waiting: Waiting | undefined
  #head = ''
  #missing = 0
  #bytes = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the connection was closed before its answer')))
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new HttpConnection(socket)
  }

  /** Sends a request and waits for its answer; one at a time. */
  exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#head = ''
      this.#bytes = 0
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    if (this.#head === '') this.#missing = this.#readHead(chunk)
    this.#bytes += chunk.length
    this.#missing -= chunk.length
    if (this.#missing > 0) return
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve({ status: Number(this.#head.slice(9, 12)), head: this.#head, bytes: this.#bytes })
  }

  /** Both services send the whole head at once, and `content-length` in it. */
  #readHead(chunk: Buffer): number {
    const text = chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n') + 4
    this.#head = text.slice(0, end)
    return end + Number(/content-length: (\d+)/i.exec(this.#head)?.[1])
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }
}

/** Sends one request over a connection of its own. */
export async function fetchOnce(port: number, request: Buffer): Promise<Answer> {
  const connection = await HttpConnection.open(port)
  try {
    return await connection.exchange(request)
  } finally {
    connection.close()
  }
}
