import type { FirstFactorKind, SecurityEventKind } from '../security-events/security-event.js'

/** Of an event from before it was noted, the usual one. */
const unnoted = 'password'

const signedInWords: { [kind in FirstFactorKind]: string } = {
  password: 'Signed in by password',
  passkey: 'Signed in by a passkey',
  provider: 'Signed in by another service',
}

const shownWords: { [kind in FirstFactorKind]: string } = {
  password: 'The password was right',
  passkey: 'A passkey was shown',
  provider: 'Another service has said that it is you',
}

const guesserWords: { [kind in FirstFactorKind]: string } = {
  password: 'Somebody who knew the password',
  passkey: 'Somebody who had a passkey of yours',
  provider: 'Somebody who was signed in to another service as you',
}

/**
 * Says in plain words what has happened to an account, to its owner.
 *
 * @param firstFactor by what the sign-in began that it is of; null where that is not known, or it is of none
 */
export function wordSecurityEvent(kind: SecurityEventKind, firstFactor: FirstFactorKind | null): string {
  switch (kind) {
    case 'registered':
      return 'This account was created'
    case 'signedIn':
      return firstFactor === null ? 'Signed in' : signedInWords[firstFactor]
    case 'signInFailed':
      return 'Somebody entered a wrong password'
    case 'signInCodeAsked':
      return `${shownWords[firstFactor ?? unnoted]}, and a code was mailed to you`
    case 'signInCodeWrong':
      return `${guesserWords[firstFactor ?? unnoted]} entered a wrong code`
    case 'accountLocked':
      return 'Sign-in was locked after too many wrong tries'
    case 'signedOut':
      return 'Signed out'
    case 'passwordChanged':
      return 'The password was changed'
    case 'passwordReset':
      return 'The password was reset'
    case 'passwordSetByOperator':
      return 'Whoever runs this service set a new password'
    case 'unlockedByOperator':
      return 'Whoever runs this service unlocked the account'
    case 'resetCodeIssued':
      return 'Whoever runs this service handed out a reset code'
    case 'recoveryPasskeyCreated':
      return 'A recovery passkey was made'
    case 'recoveryFailed':
      return 'Somebody tried to reset your password and failed'
    case 'securityQuestionsSet':
      return 'The security questions were set'
    case 'securityQuestionsRemoved':
      return 'The security questions were removed'
    case 'signInCodeOn':
      return 'A code by mail is asked for at sign-in from now on'
    case 'signInCodeOff':
      return 'A code by mail is no longer asked for at sign-in'
    case 'authenticatorAppOn':
      return 'A code of an authenticator app is asked for at sign-in from now on'
    case 'authenticatorAppOff':
      return 'The authenticator app was removed'
    case 'recoveryCodesMade':
      return 'New recovery codes were made, and those from before no longer count'
    case 'recoveryCodeUsed':
      return 'A recovery code was used'
    case 'secondFactorRemovedByOperator':
      return 'Whoever runs this service removed what is asked for at sign-in beside the password'
    case 'emailChanged':
      return 'The e-mail address was changed'
    case 'emailConfirmed':
      return 'The e-mail address was confirmed'
    case 'emailRemoved':
      return 'The e-mail address was removed'
    case 'emailLost':
      return 'The e-mail address, never confirmed here, was confirmed for another account and removed from this one'
    case 'emailRemovedByOperator':
      return 'Whoever runs this service removed the e-mail address'
    case 'sessionEnded':
      return 'Another browser was signed out from here'
    case 'otherSessionsEnded':
      return 'All other browsers were signed out from here'
    case 'sessionsEndedByOperator':
      return 'Whoever runs this service signed out all browsers'
    case 'identityLinked':
      return 'Signing in by another service was set up'
    case 'identityUnlinked':
      return 'Signing in by another service was removed'
    case 'refreshTokenReused':
      return 'An old token of one of your programs was used again and may have been copied, so that program has to sign in again'
    case 'credentialAdded':
      return 'A passkey was added, which signs in without the password'
    case 'credentialRemoved':
      return 'A passkey was removed'
    case 'credentialCopied':
      return 'A passkey did not sign in: its device has signed fewer times than we know of, so it may have been copied'
    case 'webauthnStepOn':
      return 'A passkey is asked for after the password from now on'
    case 'webauthnStepOff':
      return 'A passkey is no longer asked for after the password'
    case 'webauthnStepTaken':
      return `${shownWords[firstFactor ?? unnoted]}, and a passkey was shown after it`
  }
}

const warnings = new Set<SecurityEventKind>([
  'signInFailed',
  'signInCodeWrong',
  'accountLocked',
  'recoveryFailed',
  'recoveryCodeUsed',
  'refreshTokenReused',
  'credentialCopied',
])

/** Whether the owner should take a closer look: somebody tried to get in and failed. */
export function isWarning(kind: SecurityEventKind): boolean {
  return warnings.has(kind)
}
