import { base32 } from './base32.js'
import { codeDigits, stepSeconds } from './totp.js'

/** Longer names make the QR code too fine for old cameras. */
const longestIssuer = 24

/**
 * What an authenticator app is set up by, as a link or as a QR code: the Key URI Format of Google Authenticator, which all
 * apps read.
 *
 * @param serviceName shown by the app beside the username
 */
export function otpauthAddress(secret: Uint8Array, serviceName: string, username: string): string {
  // A colon parts the two names.
  const issuer = Array.from(serviceName.replaceAll(':', ' ')).slice(0, longestIssuer).join('').trim()
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(username)}`
  const rest = `algorithm=SHA1&digits=${codeDigits}&period=${stepSeconds}`
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}&${rest}`
}
