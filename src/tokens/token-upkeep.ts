import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { RefreshTokenStore } from './refresh-token-store.js'
import type { SigningKeyKeeper } from './signing-key-keeper.js'

export type TokenUpkeepParts = UpkeepParts & {
  refreshTokenStore: RefreshTokenStore
  signingKeyKeeper: SigningKeyKeeper
  now: () => Date
}

/** Makes and forgets signing keys in time, and sweeps refresh tokens that have expired, at an interval. */
export class TokenUpkeep extends Upkeep {
  readonly #parts: TokenUpkeepParts

  constructor(parts: TokenUpkeepParts) {
    super(parts, 'tokens and their keys were not looked after; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { refreshTokenStore, signingKeyKeeper, now } = this.#parts
    await signingKeyKeeper.keepUp()
    await inBatches((limit) => refreshTokenStore.sweep(now(), limit))
  }
}
