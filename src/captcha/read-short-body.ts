/**
 * Reads what a service answers, while it is short and comes in time.
 *
 * @param signal the one the answer was asked for with; held here, as `fetch` alone lets go of it once the headers are there
 * @param most in bytes
 * @throws when it is longer, or takes longer
 */
export async function readShortBody(reply: Response, signal: AbortSignal, most = 65_536): Promise<string> {
  const reader = reply.body?.getReader()
  if (reader === undefined) return ''
  const givenUp = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('it took too long')), { once: true })
  })
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      signal.throwIfAborted()
      const { value, done } = await Promise.race([reader.read(), givenUp])
      if (done) return Buffer.concat(chunks).toString()
      length += value.length
      if (length > most) throw new Error(`it answered more than ${most} bytes`)
      chunks.push(value)
    }
  } finally {
    // Hangs up on what is left; an answer that was read to its end has nothing.
    await reader.cancel().catch(() => undefined)
  }
}
