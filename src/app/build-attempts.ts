import { AddressLimit } from '../attempts/address-limit.js'
import { AttemptGuard } from '../attempts/attempt-guard.js'
import { AttemptUpkeep } from '../attempts/attempt-upkeep.js'
import { FailedAddressStore } from '../attempts/failed-address-store.js'
import { FailedAttemptStore } from '../attempts/failed-attempt-store.js'
import { KnownDeviceStore } from '../attempts/known-device-store.js'
import { KnownDevices } from '../attempts/known-devices.js'
import type { Site } from './app-parts.js'

export type Attempts = ReturnType<typeof buildAttempts>

/** What stops guessing, at passwords and at everything else that could be guessed. */
export function buildAttempts({ config, database, logger, now }: Site) {
  const limits = config.attempts
  const { failuresBeforeCaptcha } = config.captcha
  const failedAttemptStore = new FailedAttemptStore(database)
  const failedAddressStore = new FailedAddressStore(database)
  const knownDeviceStore = new KnownDeviceStore(database)
  const addressLimit = new AddressLimit({ failedAddressStore, limits, now })
  const knownDevices = new KnownDevices({ knownDeviceStore, limits, now })
  return {
    failedAttemptStore,
    addressLimit,
    knownDevices,
    signInGate: new AttemptGuard({
      failedAttemptStore,
      addressLimit,
      knownDevices,
      limits,
      failuresBeforeCaptcha,
      now,
    }),
    handlers: [],
    upkeep: [
      new AttemptUpkeep({
        failedAttemptStore,
        failedAddressStore,
        knownDeviceStore,
        limits,
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
