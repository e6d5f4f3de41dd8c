import type { FirebaseRules, OpenidRules } from '../openid-sign-in/openid-rules.js'
import type { Environment } from './environment.js'

const google = 'https://accounts.google.com'
const firebaseKeys =
  'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com'

/** Reads which other service people may sign in by; null for none. Complaints go to `environment`. */
export function readOpenidSettings(environment: Environment): OpenidRules | null {
  const clientId = environment.text('OPENID_CLIENT_ID')
  const clientSecret = environment.text('OPENID_CLIENT_SECRET')
  const issuer = environment.text('OPENID_ISSUER')
  const name = environment.text('OPENID_NAME')
  if (clientId === null) {
    if (clientSecret !== null || issuer !== null || name !== null)
      environment.report(
        'OPENID_CLIENT_ID is missing: it goes with the other settings that begin with OPENID_.',
      )
    return null
  }
  const url = readSafeUrl(environment, 'OPENID_ISSUER', issuer ?? google)
  if (name !== null && (Array.from(name).length > 40 || /\p{C}/u.test(name)))
    environment.report('OPENID_NAME must be one line of at most 40 characters.')
  return {
    issuer: url.pathname === '/' ? url.origin : url.href,
    clientId,
    clientSecret,
    name: name ?? (issuer === null || url.origin === google ? 'Google' : url.host),
  }
}

/** Reads whose Firebase ID tokens are taken; null for nobody's. Complaints go to `environment`. */
export function readFirebaseSettings(environment: Environment): FirebaseRules | null {
  const projectId = environment.text('FIREBASE_PROJECT_ID')
  const jwksUrl = environment.text('FIREBASE_JWKS_URL')
  if (projectId === null) {
    if (jwksUrl !== null)
      environment.report('FIREBASE_PROJECT_ID is missing: it goes with FIREBASE_JWKS_URL.')
    return null
  }
  if (!/^[a-z0-9-]{1,63}$/.test(projectId))
    environment.report(
      `FIREBASE_PROJECT_ID must be the id of a project, in small letters, digits and hyphens, not "${projectId}".`,
    )
  return { projectId, jwksUrl: readSafeUrl(environment, 'FIREBASE_JWKS_URL', jwksUrl ?? firebaseKeys).href }
}

/** Who is told the truth over plain http may be told anything; on this machine there is nobody in between. */
function readSafeUrl(environment: Environment, name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const isLocal = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))
  if (isSafe && url.username === '' && url.search === '' && url.hash === '') return url
  environment.report(
    `${name} must be an address that begins with https:// and has no query (http:// on this machine only), not "${text}".`,
  )
  return new URL(google)
}
