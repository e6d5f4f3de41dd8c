import type { TokenRules } from '../tokens/token-rules.js'
import type { Environment } from './environment.js'

/** Reads how long tokens and the keys that sign them last; complaints go to `environment`. */
export function readTokenSettings(environment: Environment): TokenRules {
  const accessSeconds = environment.integer('ACCESS_TOKEN_VALIDITY_SECONDS', {
    fallback: 900,
    min: 60,
    max: 86_400,
  })
  const refreshSeconds = environment.integer('REFRESH_TOKEN_VALIDITY_SECONDS', {
    fallback: 7 * 86_400,
    min: 60,
    max: 400 * 86_400,
  })
  if (refreshSeconds < accessSeconds) {
    environment.report('REFRESH_TOKEN_VALIDITY_SECONDS must not be less than ACCESS_TOKEN_VALIDITY_SECONDS.')
  }
  return {
    accessSeconds,
    refreshSeconds,
    graceSeconds: environment.integer('REFRESH_TOKEN_GRACE_SECONDS', { fallback: 30, min: 0, max: 300 }),
    keyRotationDays: environment.integer('SIGNING_KEY_ROTATION_DAYS', { fallback: 90, min: 1, max: 3650 }),
    keySecret: readKeySecret(environment),
  }
}

function readKeySecret(environment: Environment): string | null {
  const text = environment.text('SIGNING_KEY_SECRET')
  if (text === null) return null
  const secret = Buffer.from(text, 'base64')
  if (/^[\w+/-]{43}=?$/.test(text) && secret.length === 32) return secret.toString('base64url')
  environment.report(
    'SIGNING_KEY_SECRET must be 32 random bytes in base64, as "openssl rand -base64 32" prints them (its value is not ' +
      'shown).',
  )
  return null
}
