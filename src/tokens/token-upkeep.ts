import type { WarningLog } from '../database/database.js'
import { inBatches } from '../database/in-batches.js'
import { RepeatedWork } from '../database/repeated-work.js'
import type { RefreshTokenStore } from './refresh-token-store.js'
import type { SigningKeyKeeper } from './signing-key-keeper.js'

export type TokenUpkeepParts = {
  refreshTokenStore: RefreshTokenStore
  signingKeyKeeper: SigningKeyKeeper
  intervalSeconds: number
  log: WarningLog
  now: () => Date
}

/** Makes and forgets signing keys in time, and sweeps refresh tokens that have expired, at an interval. */
export class TokenUpkeep {
  readonly #parts: TokenUpkeepParts
  readonly #repeated: RepeatedWork

  constructor(parts: TokenUpkeepParts) {
    this.#parts = parts
    this.#repeated = new RepeatedWork({
      work: () => this.sweep(),
      intervalSeconds: parts.intervalSeconds,
      log: parts.log,
      complaint: 'tokens and their keys were not looked after; tried again later',
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
    const { refreshTokenStore, signingKeyKeeper, now } = this.#parts
    await signingKeyKeeper.keepUp()
    await inBatches((limit) => refreshTokenStore.sweep(now(), limit))
  }
}
