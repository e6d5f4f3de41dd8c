import type { LoginRefusal } from './login-refusal.js'
import type { Notice } from './notice.js'
import { signInAddress } from './sign-in-address.js'

/** The way in for those who may not try a password now. */
export function wordWayOut(
  { kind }: LoginRefusal,
  offersPasskey: boolean,
  redirectUrl: string,
): Pick<Notice<never>, 'link'> {
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
    case 'captchaNeeded':
    case 'usernameNotFound':
    case 'incorrectPassword':
    case 'incorrectCredentials':
    case 'passwordChanged':
      return {}
  }
}
