import type { WayBackChange } from '../accounts/way-back-change.js'
import { RecoveryStore } from './recovery-store.js'

/** Ends the recoveries of an account when a way back has changed, proved or not. */
export const endRecoveries: WayBackChange = (accountId, client) =>
  new RecoveryStore(client).endAllOf(accountId)
