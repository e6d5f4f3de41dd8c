import { KnownDeviceStore } from '../attempts/known-device-store.js'
import type { Database } from '../database/database.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import type { TellOwner } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import { SecondFactorStore } from './second-factor-store.js'

export type SwitchOutcome =
  | { kind: 'switched' }
  /** Codes would reach nobody. */
  | { kind: 'emailUnconfirmed' }
  | { kind: 'sessionOver' }

export type SecondFactorKeeperParts = { database: Database; tellOwner: TellOwner; now: () => Date }

/** Turns the code at sign-in on and off for an account; that the password was asked for is up to its callers. */
export class SecondFactorKeeper {
  readonly #parts: SecondFactorKeeperParts

  constructor(parts: SecondFactorKeeperParts) {
    this.#parts = parts
  }

  /**
   * From now on every browser is asked for a code again. The owner is told by letter.
   *
   * @throws DatabaseUnavailable
   */
  async switch(signedIn: SignedIn, to: 'on' | 'off', visitor: Visitor): Promise<SwitchOutcome> {
    const { database, tellOwner, now } = this.#parts
    const kind = to === 'on' ? 'signInCodeOn' : 'signInCodeOff'
    const outcome = await database.transaction(async (client) => {
      const account = await lockForChange(signedIn, client)
      if (account === null) return { kind: 'sessionOver' as const }
      if (to === 'on' && account.emailConfirmedAt === null) return { kind: 'emailUnconfirmed' as const }
      const store = new SecondFactorStore(client)
      const isChanged = to === 'on' ? await store.turnOn(account.id, now()) : await store.turnOff(account.id)
      await new KnownDeviceStore(client).distrustAllOf(account.id)
      if (isChanged)
        await new SecurityEventStore(client).add([visitorEvent(account.id, kind, visitor, now())])
      return { kind: 'switched' as const, account, isChanged }
    })
    if (outcome.kind === 'switched' && outcome.isChanged) tellOwner(outcome.account, kind, visitor)
    return outcome.kind === 'switched' ? { kind: 'switched' } : outcome
  }
}
