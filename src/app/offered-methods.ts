import type { Config } from '../config.js'
import type { RecoveryMethod } from '../recovery/recovery-method.js'

/** The ways back that can be taken here: mail that only reaches the log brings nobody back. */
export function offeredMethods({ recovery, mail }: Config): RecoveryMethod[] {
  return recovery.methods.filter((method) => method !== 'email' || mail.server !== null)
}
