import { readdirSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

// Where all cores are busy, V8's helpers take turns with the main thread, and every request waits: in a storm of sign-ins for
// up to 15 ms. At 10 half as long; at 19 next to nothing is compiled, and the service stays slow.
const lowPriority = 10

/**
 * Lets the main thread run before those that V8 compiles and collects garbage in. To be called first of all: threads that
 * are started later are none of V8's. Only Linux keeps a priority per thread; elsewhere all stays as it is.
 */
export function putMainThreadFirst(): void {
  if (process.platform !== 'linux') return
  try {
    // Who starts the service with a lower priority still, by `nice`, means all of it.
    const priority = Math.max(lowPriority, getPriority())
    for (const thread of readdirSync('/proc/self/task').map(Number)) {
      if (thread !== process.pid) setPriority(thread, priority)
    }
  } catch {
    // Requests then wait a little longer now and then.
  }
}
