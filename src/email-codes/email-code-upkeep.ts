import type { WarningLog } from '../database/database.js'
import { inBatches } from '../database/in-batches.js'
import { RepeatedWork } from '../database/repeated-work.js'
import type { EmailCodeAskStore } from './email-code-ask-store.js'
import type { EmailCodeStore } from './email-code-store.js'

export type EmailCodeUpkeepParts = {
  emailCodeStore: EmailCodeStore
  emailCodeAskStore: EmailCodeAskStore
  intervalSeconds: number
  log: WarningLog
  now: () => Date
}

/** Sweeps codes that have expired, and asks that no limit counts any more, at an interval. */
export class EmailCodeUpkeep {
  readonly #parts: EmailCodeUpkeepParts
  readonly #repeated: RepeatedWork

  constructor(parts: EmailCodeUpkeepParts) {
    this.#parts = parts
    this.#repeated = new RepeatedWork({
      work: () => this.sweep(),
      intervalSeconds: parts.intervalSeconds,
      log: parts.log,
      complaint: 'e-mail codes were not swept; tried again later',
    })
  }

  start(): void {
    this.#repeated.start()
  }

  /** Waits for a run under way. */
  async stop(): Promise<void> {
    await this.#repeated.stop()
  }

  /** @throws DatabaseUnavailable */
  async sweep(): Promise<void> {
    const { emailCodeStore, emailCodeAskStore, now } = this.#parts
    const anHourAgo = new Date(now().getTime() - 3_600_000)
    await inBatches((limit) => emailCodeStore.sweep(now(), limit))
    await inBatches((limit) => emailCodeAskStore.sweep(anHourAgo, limit))
  }
}
