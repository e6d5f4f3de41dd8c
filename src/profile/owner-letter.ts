import type { Letter } from '../mail/letter.js'
import type { WayInNews } from '../sign-in/tell-owner.js'
import { wordDate } from './word-date.js'

/** What an owner is told by letter. */
export type OwnerNews = WayInNews | 'passwordChanged' | 'emailChanged' | 'emailRemoved' | 'accountDeleted'

export type OwnerLetterValues = {
  to: string
  username: string
  serviceName: string
  /** Where Latchkey is opened; null when nobody has said. */
  publicOrigin: string | null
  news: OwnerNews
  at: Date
  /** In words. */
  browser: string
  clientAddress: string
}

/** The letter that tells an owner what was done to the account, and what to do if it was somebody else. */
export function ownerLetter(values: OwnerLetterValues): Letter {
  const { to, serviceName, at, browser, clientAddress } = values
  const { subject, sentence, advice } = wordNews(values)
  return {
    to: { address: to },
    subject: `${subject} at ${serviceName}`,
    text: `Hello,

${sentence}
This was done on ${wordDate(at)}, from ${browser}, network address ${clientAddress}.

If that was you, there is nothing to do.

If it was not, ${advice}
`,
  }
}

function wordNews({ news, username, serviceName, publicOrigin }: OwnerLetterValues) {
  const account = `your account ${username} at ${serviceName}`
  const signInPage = publicOrigin === null ? `the sign-in page of ${serviceName}` : `${publicOrigin}/login`
  switch (news) {
    case 'passwordChanged':
      return {
        subject: 'Your password was changed',
        sentence: `the password of ${account} was changed, and all other browsers were signed out.`,
        advice: `open ${signInPage}, say that you forgot your password, and set a new one.`,
      }
    case 'emailChanged':
      return {
        subject: 'Your e-mail address was changed',
        sentence: `${account} has another e-mail address now. This one is no longer used for it.`,
        advice: `sign in with your username at ${signInPage}, change your password, and give your own address again.`,
      }
    case 'emailRemoved':
      return {
        subject: 'Your e-mail address was removed',
        sentence: `this e-mail address was removed from ${account}.`,
        advice: `sign in with your username at ${signInPage}, change your password, and give your address again.`,
      }
    case 'recoveryPasskeyCreated':
      return {
        subject: 'Your account has a recovery passkey',
        sentence: `a recovery passkey was made for ${account}. If there was one before, it no longer counts.`,
        advice: `sign in at ${signInPage}, change your password, and make another recovery passkey in your profile.`,
      }
    case 'securityQuestionsSet':
      return {
        subject: 'Your security questions were set',
        sentence: `security questions were set for ${account}. Whoever knows the answers can choose a new password.`,
        advice: `sign in at ${signInPage}, change your password, and remove the questions in your profile.`,
      }
    case 'securityQuestionsRemoved':
      return {
        subject: 'Your security questions were removed',
        sentence: `the security questions of ${account} were removed.`,
        advice: `sign in at ${signInPage} and change your password. You can set questions anew in your profile.`,
      }
    case 'signInCodeOn':
      return {
        subject: 'A code is asked for when you sign in',
        sentence: `from now on signing in to ${account} asks for a code that is mailed to this address.`,
        advice: `sign in at ${signInPage} and change your password.`,
      }
    case 'signInCodeOff':
      return {
        subject: 'No code is mailed when you sign in',
        sentence: `signing in to ${account} no longer asks for a code by mail.`,
        advice: `sign in at ${signInPage}, change your password, and turn the code on again in your profile.`,
      }
    case 'authenticatorAppOn':
      return {
        subject: 'Your account has an authenticator app',
        sentence: `from now on signing in to ${account} asks for a code of an authenticator app. If there was another app before, it no longer counts.`,
        advice: `somebody knows your password: have whoever runs ${serviceName} remove the app, then sign in at ${signInPage} and change it.`,
      }
    case 'authenticatorAppOff':
      return {
        subject: 'Your authenticator app was removed',
        sentence: `signing in to ${account} no longer asks for a code of the authenticator app.`,
        advice: `sign in at ${signInPage}, change your password, and set the app up again in your profile.`,
      }
    case 'recoveryCodesMade':
      return {
        subject: 'Your recovery codes were replaced',
        sentence: `new recovery codes were made for ${account}. Those from before no longer count.`,
        advice: `sign in at ${signInPage}, change your password, and make new recovery codes in your profile.`,
      }
    case 'recoveryCodeUsed':
      return {
        subject: 'Your recovery code was used',
        sentence: `a recovery code of ${account} was used, to sign in or to confirm a change. Your profile shows how many are left.`,
        advice: `sign in at ${signInPage}, change your password, and make new recovery codes in your profile.`,
      }
    case 'identityLinked':
      return {
        subject: 'Another way to sign in was set up',
        sentence: `an account at another service was linked to ${account}. Whoever is signed in there can sign in here.`,
        advice: `sign in at ${signInPage}, change your password, and remove that link in your profile.`,
      }
    case 'identityUnlinked':
      return {
        subject: 'A way to sign in was removed',
        sentence: `an account at another service is no longer linked to ${account}.`,
        advice: `sign in at ${signInPage} and change your password. You can link it again in your profile.`,
      }
    case 'credentialAdded':
      return {
        subject: 'A passkey was added',
        sentence: `a passkey was added to ${account}. Whoever has it can sign in without the password.`,
        advice: `sign in at ${signInPage}, remove that passkey in your profile, and change your password.`,
      }
    case 'credentialRemoved':
      return {
        subject: 'A passkey was removed',
        sentence: `a passkey of ${account} was removed. It no longer signs in; browsers that are signed in stay so.`,
        advice: `sign in at ${signInPage} and change your password, which signs out all other browsers. You can add the passkey again in your profile.`,
      }
    case 'credentialCopied':
      return {
        subject: 'A passkey may have been copied',
        sentence: `a passkey of ${account} was refused: its device has signed fewer times than we know of, so another one may have the same passkey.`,
        advice: `sign in at ${signInPage}, remove that passkey in your profile, and change your password.`,
      }
    case 'webauthnStepOn':
      return {
        subject: 'A passkey is asked for when you sign in',
        sentence: `from now on signing in to ${account} by password asks for a passkey, too.`,
        advice: `somebody knows your password: have whoever runs ${serviceName} turn that off, then sign in at ${signInPage}, change it, and look through your passkeys.`,
      }
    case 'webauthnStepOff':
      return {
        subject: 'No passkey is asked for after your password',
        sentence: `signing in to ${account} by password no longer asks for a passkey.`,
        advice: `sign in at ${signInPage}, change your password, and turn it on again in your profile.`,
      }
    case 'accountDeleted':
      return {
        subject: 'Your account was deleted',
        sentence: `${account} was deleted, with all that belonged to it.`,
        advice: `somebody knew your password. It cannot be brought back; tell whoever runs ${serviceName}.`,
      }
  }
}
