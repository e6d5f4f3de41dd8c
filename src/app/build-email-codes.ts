import { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import { EmailCodeUpkeep } from '../email-codes/email-code-upkeep.js'
import type { Site } from './app-parts.js'

export type EmailCodes = ReturnType<typeof buildEmailCodes>

/** Codes that are sent by mail. */
export function buildEmailCodes({ config, database, logger, now }: Site) {
  const emailCodeStore = new EmailCodeStore(database)
  return {
    emailCodeKeeper: new EmailCodeKeeper({ emailCodeStore, rules: config.emailCodes, now }),
    handlers: [],
    upkeep: [
      new EmailCodeUpkeep({
        emailCodeStore,
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
