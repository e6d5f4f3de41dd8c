import type { Environment } from './environment.js'

/** Reads whether people can sign in with passkeys; complaints go to `environment`. */
export function readWebauthnSettings(environment: Environment) {
  return { isOffered: environment.choice('WEBAUTHN', ['on', 'off'] as const, 'on') === 'on' }
}
