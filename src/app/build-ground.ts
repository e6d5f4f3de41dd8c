import { DeviceCookie } from '../http/device-cookie.js'
import { HealthHandler } from '../http/health-handler.js'
import { OpenApiHandler } from '../http/open-api-handler.js'
import { SessionCookie } from '../http/session-cookie.js'
import { LogMailer } from '../mail/log-mailer.js'
import { MailOutbox } from '../mail/mail-outbox.js'
import { SmtpMailer } from '../mail/smtp-mailer.js'
import { InstallationSecret } from '../secrets/installation-secret.js'
import { PasswordHasher } from '../secrets/password-hasher.js'
import { UsedOnceStore } from '../used-once/used-once-store.js'
import { UsedOnceUpkeep } from '../used-once/used-once-upkeep.js'
import type { Site } from './app-parts.js'

export type Ground = ReturnType<typeof buildGround>

/** Cookies, secrets, what counts once, and mail. */
export function buildGround({ config, database, logger, isReady, now }: Site) {
  const { server, from } = config.mail
  const mailer = server === null ? new LogMailer(logger) : new SmtpMailer({ server, from, log: logger })
  const mailOutbox = new MailOutbox({ mailer, log: logger })
  const usedOnceStore = new UsedOnceStore(database)
  return {
    installationSecret: new InstallationSecret(database),
    usedOnceStore,
    passwordHasher: new PasswordHasher({ ...config.passwords.hashing, logger }),
    sessionCookie: new SessionCookie(config),
    deviceCookie: new DeviceCookie({
      publicOrigin: config.publicOrigin,
      validitySeconds: config.attempts.knownDeviceSeconds,
    }),
    mailer,
    mailOutbox,
    handlers: [new HealthHandler(isReady), new OpenApiHandler()],
    upkeep: [
      mailOutbox,
      new UsedOnceUpkeep({
        usedOnceStore,
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
