import type { Database } from '../database/database.js'
import { KeySchedule } from './key-schedule.js'
import { KeySealer } from './key-sealer.js'
import { SigningKeyKeeper } from './signing-key-keeper.js'
import type { TokenRules } from './token-rules.js'

/** The signing keys of a database, under the rules and the secret of the settings. */
export function openSigningKeys(database: Database, rules: TokenRules, now = () => new Date()) {
  const keySchedule = new KeySchedule(rules)
  const keySealer = new KeySealer(rules.keySecret)
  const signingKeyKeeper = new SigningKeyKeeper({ database, keySchedule, keySealer, now })
  return { keySchedule, keySealer, signingKeyKeeper }
}
