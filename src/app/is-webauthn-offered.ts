import type { Config } from '../config.js'
import { mayHavePasskeys } from '../webauthn/relying-party.js'

/** Whether people may find passkeys here: never at an address at which no browser has any. */
export function isWebauthnOffered({ webauthn, publicOrigin }: Config): boolean {
  // Without PUBLIC_URL it hangs on the request; at a first try on localhost they are there.
  return webauthn.isOffered && (publicOrigin === null || mayHavePasskeys(publicOrigin))
}
