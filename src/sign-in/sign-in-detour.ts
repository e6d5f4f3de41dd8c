import type { Account } from '../accounts/account-store.js'

/**
 * A socket: where somebody is sent first who has just signed in or registered. A recovery passkey that is still to be
 * shown is a reason.
 *
 * @param address where the browser has asked to go; empty when it did not ask
 * @returns a path of Latchkey that leads on to `address`; null to go there at once
 */
export type SignInDetour = (account: Account, address: string) => Promise<string | null>
