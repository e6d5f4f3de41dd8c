import type { Database } from '../../src/database/database.js'
import { KeyRing } from '../../src/tokens/key-ring.js'
import { openSigningKeys } from '../../src/tokens/open-signing-keys.js'
import type { TokenRules } from '../../src/tokens/token-rules.js'

const rules: TokenRules = {
  accessSeconds: 900,
  refreshSeconds: 604_800,
  graceSeconds: 30,
  keyRotationDays: 90,
  keySecret: null,
}

/** The keys of a node with a clock of its own, which can be moved. */
export function openKeyHouse(database: Database, changes: Partial<TokenRules> = {}) {
  let offsetMs = 0
  const now = () => new Date(Date.now() + offsetMs)
  const keys = openSigningKeys(database, { ...rules, ...changes }, now)
  const keyRing = new KeyRing({ ...keys, now })
  return {
    ...keys,
    keyRing,
    passSeconds: (seconds: number) => {
      offsetMs += seconds * 1000
    },
    /** The ids of the published keys, as this node tells them. */
    published: async () => (await keyRing.published()).map(({ kid }) => kid),
    signer: async () => (await keyRing.signer()).kid,
  }
}
