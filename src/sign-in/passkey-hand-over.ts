import type { Account } from '../accounts/account-store.js'
import type { Visitor } from './visitor.js'

/**
 * A socket: what a program that signs in has to show its person once, because a program is sent to no page for it. A
 * recovery passkey is handed over so.
 *
 * @returns the passkey, which counts as seen from now on; null when there is none to show
 */
export type PasskeyHandOver = (account: Account, visitor: Visitor) => Promise<string | null>
