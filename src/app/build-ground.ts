import { DeviceCookie } from '../http/device-cookie.js'
import { HealthHandler } from '../http/health-handler.js'
import { SessionCookie } from '../http/session-cookie.js'
import { PasswordHasher } from '../secrets/password-hasher.js'
import type { Site } from './app-parts.js'

export type Ground = ReturnType<typeof buildGround>

/** Cookies and secrets. */
export function buildGround({ config, logger, isReady }: Site) {
  return {
    passwordHasher: new PasswordHasher({ ...config.passwords.hashing, logger }),
    sessionCookie: new SessionCookie(config),
    deviceCookie: new DeviceCookie({
      publicOrigin: config.publicOrigin,
      validitySeconds: config.attempts.knownDeviceSeconds,
    }),
    handlers: [new HealthHandler(isReady)],
    upkeep: [],
  }
}
