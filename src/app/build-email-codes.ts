import { AddressClaim } from '../email-codes/address-claim.js'
import { EmailCodeAskStore } from '../email-codes/email-code-ask-store.js'
import { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import { EmailCodeUpkeep } from '../email-codes/email-code-upkeep.js'
import { endRecoveries } from '../recovery/end-recoveries.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { People } from './build-people.js'

export type EmailCodes = ReturnType<typeof buildEmailCodes>

type Parts = { site: Site; people: People; attempts: Attempts }

/** Codes that are sent by mail. */
export function buildEmailCodes({ site, people, attempts }: Parts) {
  const { config, database, logger, now } = site
  const { addressLimit } = attempts
  const emailCodeStore = new EmailCodeStore(database)
  return {
    emailCodeKeeper: new EmailCodeKeeper({ database, addressLimit, rules: config.emailCodes, now }),
    emailCodeStore,
    addressClaim: new AddressClaim({
      database,
      accountStore: people.accountStore,
      wayBackChange: endRecoveries,
      revealAccountExistence: config.revealAccountExistence,
      now,
    }),
    handlers: [],
    upkeep: [
      new EmailCodeUpkeep({
        emailCodeStore,
        emailCodeAskStore: new EmailCodeAskStore(database),
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
