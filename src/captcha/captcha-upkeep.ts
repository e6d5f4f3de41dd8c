import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { CaptchaStore } from './captcha-store.js'

export type CaptchaUpkeepParts = UpkeepParts & { captchaStore: CaptchaStore; now: () => Date }

/** Sweeps used captchas that have expired, at an interval. */
export class CaptchaUpkeep extends Upkeep {
  readonly #parts: CaptchaUpkeepParts

  constructor(parts: CaptchaUpkeepParts) {
    super(parts, 'used captchas were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { captchaStore, now } = this.#parts
    await inBatches((limit) => captchaStore.sweep(now(), limit))
  }
}
