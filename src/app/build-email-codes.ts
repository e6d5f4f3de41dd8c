import { EmailCodeAskStore } from '../email-codes/email-code-ask-store.js'
import { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import { EmailCodeUpkeep } from '../email-codes/email-code-upkeep.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'

export type EmailCodes = ReturnType<typeof buildEmailCodes>

/** Codes that are sent by mail. */
export function buildEmailCodes({ config, database, logger, now }: Site, { addressLimit }: Attempts) {
  const emailCodeStore = new EmailCodeStore(database)
  return {
    emailCodeKeeper: new EmailCodeKeeper({ database, addressLimit, rules: config.emailCodes, now }),
    emailCodeStore,
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
