import { readFormField } from '../http/form-field.js'
import { signInAddress } from '../sign-in/sign-in-address.js'

/** What a page of the profile says after something was done; it comes by query, so only these sentences can. */
const sentences = {
  displayNameSaved: 'Your name is saved.',
  codeSent: 'A new code is on its way. Only this newest one counts.',
  emailConfirmed: 'Your e-mail address is confirmed.',
  emailRemoved: 'Your e-mail address is removed.',
  passwordChanged:
    'Your password is changed, and all other browsers are signed out. If somebody else knew the old one, make a new ' +
    'recovery passkey too, and look at your e-mail address, passkeys, security questions and other ways to sign in.',
  passwordSet: 'Your password is set, and you can sign in with it, too. All other browsers are signed out.',
  recoveryPasskeySaved: 'Your new recovery passkey is in place. The one before no longer works.',
  securityQuestionsSet: 'Your security questions are saved.',
  securityQuestionsRemoved: 'Your security questions are removed.',
  signInCodeOn: 'From now on a code is asked for when you sign in.',
  signInCodeOff: 'No code is mailed any more when you sign in.',
  authenticatorAppOn: 'From now on a code of your authenticator app is asked for when you sign in.',
  authenticatorAppOff: 'Your authenticator app is removed. It is no longer asked for when you sign in.',
  identityLinked: 'You can sign in that way from now on.',
  identityUnlinked:
    'You can no longer sign in that way. Browsers that are signed in stay so until they are signed out under “Sessions”.',
  sessionEnded: 'That browser is signed out.',
  sessionGone: 'That browser was signed out already.',
  otherSessionsEnded: 'All other browsers are signed out.',
} as const

export type ProfileNotice = keyof typeof sentences

const sentencesByName = new Map<unknown, string>(Object.entries(sentences))

/** The sentence that `notice` in a query stands for; null for anything else. */
export function wordProfileNotice(query: unknown): string | null {
  const field = readFormField(query, 'notice')
  return field.kind === 'text' ? (sentencesByName.get(field.text) ?? null) : null
}

/**
 * A page of the profile that says what was done there.
 *
 * @param redirectUrl where the browser goes from there; empty when nowhere
 */
export function noticeAddress(
  path: '/profile' | '/profile/sessions' | '/profile/email/confirm',
  notice: ProfileNotice,
  redirectUrl = '',
): string {
  return signInAddress(`${path}?notice=${notice}`, redirectUrl)
}
