import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

// Below those that Linux (from 32,768) and macOS (from 49,152) give to whoever names none, and may give away meanwhile;
// above 10,080, to which browsers do not go.
const lowest = 11_000
const highest = 32_767
const mostAttempts = 100

/**
 * A port of this machine that nothing listens on, for something that is about to.
 * @throws the reason why the last of a hundred could not be listened on
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = randomInt(lowest, highest + 1)
    const server = createServer()
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening')
    } catch (error) {
      if (attempt === mostAttempts) throw error
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
}
