import type { Socket } from 'node:net'

/** Node's own error for bytes that are no usable request, or that came too slowly. */
type ConnectionError = NodeJS.ErrnoException & { code: string }

const statusOf: Partial<Record<string, [line: string, words: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'This request carries too many or too large headers. Clearing the cookies of this site may help.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'This request took too long to arrive. Please try again.',
  ],
}
const badRequest: [string, string] = ['400 Bad Request', 'This is not a request that can be understood.']

/** Answers what never became a request; there is no reply object, so the bytes are written by hand. */
export function answerBrokenConnection(error: ConnectionError, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [line, words] = statusOf[error.code] ?? badRequest
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${line}</title><h1>${line}</h1><p>${words}</p></html>`
  const headers = [
    `HTTP/1.1 ${line}`,
    'content-type: text/html; charset=utf-8',
    `content-length: ${Buffer.byteLength(page)}`,
    "content-security-policy: default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
  ]
  socket.end(`${headers.join('\r\n')}\r\n\r\n${page}`, () => socket.destroy())
}
