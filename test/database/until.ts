import { setTimeout as pause } from 'node:timers/promises'

/**
 * Waits until something has come true in another process.
 * @throws if it has not after a minute
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited a minute in vain')
    await pause(5)
  }
}
