import type { Notice } from '../sign-in/notice.js'
import { wordAssertionRefusal, type AssertionRefusal } from './assertion-refusal.js'

/** Why a passkey does not show that somebody is who they are known to be. */
export type OwnAssertionRefusal = Exclude<AssertionRefusal, { kind: 'accountChanged' | 'passwordNeeded' }>

/** Says in words why, to whoever is known already; what else they may show, the page offers. */
export function wordOwnAssertionRefusal(refusal: OwnAssertionRefusal): Notice<never> {
  return { ...wordAssertionRefusal(refusal), ...otherWords[refusal.kind] }
}

/** Where the words of signing in without a password do not fit. */
const otherWords: { [kind in OwnAssertionRefusal['kind']]?: { heading?: string; text: string } } = {
  unreadableAssertion: { text: 'What your browser sent could not be verified. Please try again.' },
  assertionRefused: { text: 'What your browser sent could not be verified. Please try again.' },
  unknownCredential: {
    heading: 'This is no passkey of this account',
    text: 'It may have been removed, or is for another account. Use another one.',
  },
  credentialCopied: {
    text: 'Its device has signed fewer times than we know of. Try once more. If it stays so, use something else, and remove this passkey in your profile.',
  },
  notHere: { text: 'Browsers use them on https pages only. Please open this service at its proper address.' },
}
