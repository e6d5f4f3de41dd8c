type Undo = () => unknown

const undos: Undo[] = []
let ended: Promise<void> | undefined

/** Remembers what has to be undone when the bench ends, however it ends; the last first. */
export function atEnd(undo: Undo): void {
  undos.push(undo)
}

/** Whether the end has begun: what fails from now on fails because of it. */
export function isEnding(): boolean {
  return ended !== undefined
}

/** Undoes everything. A step that fails is told and does not keep the others from being taken. Idempotent. */
export function cleanUp(): Promise<void> {
  ended ??= undoAll()
  return ended
}

/** Has Ctrl-C and its relatives clean up first; a second Ctrl-C means now. */
export function cleanUpOnSignals(): void {
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      if (ended) process.exit(exitCode)
      void cleanUp().then(() => process.exit(exitCode))
    })
  }
}

async function undoAll(): Promise<void> {
  for (const undo of undos.toReversed()) {
    try {
      await undo()
    } catch (error) {
      process.stderr.write(`Left behind: ${String(error)}\n`)
    }
  }
}
