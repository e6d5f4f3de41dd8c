import type { Notice } from '../sign-in/notice.js'

/** What is wrong with an assertion itself. */
export type JudgedRefusal =
  /** A field is missing, or holds something else. */
  | { kind: 'unreadableAssertion' }
  /** The challenge was not issued to this browser, too long ago, or answered before. */
  | { kind: 'challengeOver' }
  /** Nobody here has it, or the authenticator takes it for somebody else's. */
  | { kind: 'unknownCredential' }
  /** It was made for another site, without anybody touching the authenticator, or the signature is wrong. */
  | { kind: 'assertionRefused' }
  /** Its count has not gone up: another device may have it too. */
  | { kind: 'credentialCopied' }

/** Why an assertion signs nobody in. */
export type AssertionRefusal =
  | JudgedRefusal
  /** Browsers have no passkeys at this address. */
  | { kind: 'notHere' }
  /** The account is gone, or got another password at this very moment. */
  | { kind: 'accountChanged' }
  /** It is one factor only as yet, and the account asks for a passkey after the password. */
  | { kind: 'passwordNeeded' }
  /** Its authenticator did not make sure that it is its owner, or says so for the first time, where that is asked for. */
  | { kind: 'ownerUnverified' }

/** The HTTP status of each. */
export const assertionStatuses: { [kind in AssertionRefusal['kind']]: number } = {
  unreadableAssertion: 400,
  notHere: 404,
  challengeOver: 401,
  unknownCredential: 401,
  assertionRefused: 401,
  credentialCopied: 401,
  accountChanged: 401,
  passwordNeeded: 401,
  ownerUnverified: 401,
}

/** Says in words why, and what to do. Whether there is an account behind it is told by none of them. */
export function wordAssertionRefusal({ kind }: AssertionRefusal): Notice<never> {
  switch (kind) {
    case 'unreadableAssertion':
    case 'assertionRefused':
      return {
        heading: 'This passkey was not accepted',
        text: 'What your browser sent could not be verified. Try again, or use your password.',
      }
    case 'challengeOver':
      return {
        heading: 'Please try once more',
        text: 'Too much time has passed since this page was opened, or the passkey was sent twice.',
      }
    case 'unknownCredential':
      return {
        heading: 'This passkey is not known here',
        text: 'It may have been removed from the account. Use another one, or your password.',
      }
    case 'credentialCopied':
      return {
        heading: 'This passkey may have been copied',
        text: 'Its device has signed fewer times than we know of. Try once more. If it stays so, use your password and remove this passkey in your profile.',
      }
    case 'notHere':
      return {
        heading: 'Passkeys do not work at this address',
        text: 'Browsers use them on https pages only. Use your password.',
      }
    case 'accountChanged':
      return {
        heading: 'Please sign in again',
        text: 'Your account was changed at this very moment.',
      }
    case 'ownerUnverified':
      return {
        heading: 'A touch is not enough here',
        text: 'This passkey was used without a PIN, finger or face, or with one that was set up after the passkey was added: that counts once you have signed in by both, it and something else. Use something else now.',
      }
    case 'passwordNeeded':
      return {
        heading: 'Your password is needed, too',
        text: 'Used like this, the passkey counts as one thing, and your account asks for two. Sign in with your password first, and use the passkey after it.',
      }
  }
}
