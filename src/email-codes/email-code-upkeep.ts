import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { EmailCodeAskStore } from './email-code-ask-store.js'
import type { EmailCodeStore } from './email-code-store.js'

export type EmailCodeUpkeepParts = UpkeepParts & {
  emailCodeStore: EmailCodeStore
  emailCodeAskStore: EmailCodeAskStore
  now: () => Date
}

/** Sweeps codes that have expired, and asks that no limit counts any more, at an interval. */
export class EmailCodeUpkeep extends Upkeep {
  readonly #parts: EmailCodeUpkeepParts

  constructor(parts: EmailCodeUpkeepParts) {
    super(parts, 'e-mail codes were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { emailCodeStore, emailCodeAskStore, now } = this.#parts
    const anHourAgo = new Date(now().getTime() - 3_600_000)
    await inBatches((limit) => emailCodeStore.sweep(now(), limit))
    await inBatches((limit) => emailCodeAskStore.sweep(anHourAgo, limit))
  }
}
