import type { LoginRefusal } from './login-refusal.js'
import type { Notice } from './notice.js'
import { signInAddress } from './sign-in-address.js'

/** Ways back for those who have forgotten their password: whether there are any, and the recovery passkey among them. */
export type OfferedRecovery = { isOffered: boolean; offersPasskey: boolean }

/** The way in for those who may not try a password now; nothing where there is none. */
export function wordWayOut(
  { kind }: LoginRefusal,
  { isOffered, offersPasskey }: OfferedRecovery,
  redirectUrl: string,
): Pick<Notice<never>, 'link'> {
  if (!isOffered) return {}
  const url = signInAddress('/recover', redirectUrl)
  switch (kind) {
    case 'locked': {
      const label = offersPasskey
        ? 'Use your recovery passkey to unlock it'
        : 'Set a new password, which unlocks it'
      return { link: { label, url } }
    }
    case 'coolingDown':
    case 'addressCoolingDown':
      return { link: { label: 'Set a new password', url } }
    case 'busy':
    case 'usernameNotFound':
    case 'incorrectPassword':
    case 'incorrectCredentials':
    case 'passwordChanged':
      return {}
  }
}
