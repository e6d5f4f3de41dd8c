import type { EmailStanding } from '../accounts/email-standing.js'
import type { View } from '../http/view.js'
import type { App } from '../sibling-apps/app-at.js'
import { onwardAddress } from '../sign-in/onward-address.js'
import { wordDay } from '../sign-in/word-day.js'
import { emailTags, type Tag } from './email-tags.js'
import { createTutorialPart } from './tutorial-part.js'
import { wordSessionCount } from './word-session-count.js'

export type ProfileValues = {
  username: string
  /** Where somebody is going from here. */
  app: App | null
  displayName: string | null
  email: string | null
  emailStanding: EmailStanding
  sessionCount: number
  /** False for who came by another service and has not set one. */
  hasPassword: boolean
  /** Whether another service signs them in. */
  hasIdentities: boolean
  /** Since when the account has its recovery passkey, and its security questions; null when it has none. */
  passkeySince: Date | null
  questionsSince: Date | null
  /** How many passkeys of Web Authentication sign in. */
  credentialCount: number
  /** Whether one is asked for after the password. */
  asksForCredential: boolean
  /** Whether signing in asks for a code by mail. */
  asksForCode: boolean
  /** Whether it asks for a code of an authenticator app. */
  asksForApp: boolean
  isFirstVisit: boolean
  /** What was just done, in words. */
  done: string | null
}

/** What this service offers. */
export type ProfileOffers = {
  /** Ways back into an account. */ passkeys: boolean
  questions: boolean
  /** At sign-in. */ codes: boolean
  apps: boolean
  webauthn: boolean
  /** Another service that signs people in; null for none. */ services: string | null
}

type Row = { path: string; label: string; text: string; tag?: Tag }

/** The page from which all that belongs to an account is reached. */
export class ProfilePageCreator {
  readonly #view: View
  readonly #has: ProfileOffers

  constructor(view: View, has: ProfileOffers) {
    this.#view = view
    this.#has = has
  }

  buildProfilePage(values: ProfileValues): Promise<string> {
    const { username, isFirstVisit, app, done } = values
    const hasPasskeys = this.#has.passkeys
    return this.#view('profile/profile', {
      title: done ?? 'Your profile',
      section: 'profile',
      scripts: ['tutorial.js'],
      done,
      app,
      groups: [
        { heading: 'About you', rows: [wordName(values), wordEmail(values)] },
        { heading: 'Getting in', rows: this.#waysIn(values) },
        { heading: 'What is going on', rows: [wordSessions(values), events] },
        { heading: 'Leaving', rows: [deletion] },
      ],
      tutorial: createTutorialPart('/profile', { username, isFirstVisit, hasPasskeys, app }),
    })
  }

  #waysIn(values: ProfileValues): Row[] {
    return [
      wordPassword(values),
      ...(this.#has.services !== null || values.hasIdentities
        ? [wordServices(values, this.#has.services)]
        : []),
      ...(this.#has.webauthn ? [wordCredentials(values)] : []),
      ...(this.#has.apps ? [wordApp(values)] : []),
      ...(this.#has.codes ? [wordCode(values)] : []),
      ...(this.#has.passkeys ? [wordPasskey(values)] : []),
      ...(this.#has.questions ? [wordQuestions(values)] : []),
    ]
  }
}

const events = {
  path: '/profile/events',
  label: 'What has happened',
  text: 'Sign-ins and changes to your account, newest first.',
}
const deletion = {
  path: '/profile/delete',
  label: 'Delete this account',
  text: 'With all that belongs to it, for good.',
}

function wordName({ app, displayName, username }: ProfileValues): Row {
  const text = displayName ?? `None; you are shown as ${username}.`
  return { path: onwardAddress('/profile/edit', app), label: 'Display name', text }
}

function wordEmail({ email, emailStanding }: ProfileValues): Row {
  const row = { path: '/profile/email', label: 'E-mail address' }
  if (email === null) return { ...row, text: 'None.' }
  return { ...row, text: email, tag: emailTags[emailStanding] }
}

function wordPassword({ hasPassword }: ProfileValues): Row {
  const text = hasPassword ? 'Choose a new one.' : 'None yet. Set one to sign in with it too.'
  return { path: '/profile/password', label: 'Password', text }
}

function wordServices({ hasIdentities }: ProfileValues, name: string | null): Row {
  return {
    path: '/profile/openid',
    label: name === null ? 'Other ways to sign in' : `Continue with ${name}`,
    text: 'An account at another service that signs you in here.',
    tag: hasIdentities ? { text: 'linked', tone: 'good' } : { text: 'not linked', tone: '' },
  }
}

function wordCode({ asksForCode, hasPassword }: ProfileValues): Row {
  const row = { path: '/profile/sign-in-code', label: 'Code at sign-in' }
  return { ...row, text: `A code by mail, ${wordBeside(hasPassword)}.`, tag: tagOf(asksForCode) }
}

function wordApp({ asksForApp, hasPassword }: ProfileValues): Row {
  const row = { path: '/profile/authenticator', label: 'Authenticator app' }
  return { ...row, text: `A code that your phone shows, ${wordBeside(hasPassword)}.`, tag: tagOf(asksForApp) }
}

function wordBeside(hasPassword: boolean): string {
  return hasPassword ? 'beside the password' : 'when another service has signed you in'
}

function tagOf(isOn: boolean): Tag {
  return isOn ? { text: 'on', tone: 'good' } : { text: 'off', tone: '' }
}

function wordCredentials({ credentialCount: count, asksForCredential, hasPassword }: ProfileValues): Row {
  const means = 'Sign in by fingerprint, face, screen lock or security key'
  const [alone, step] = hasPassword
    ? [`${means}, without the password.`, 'After the password one is asked for.']
    : [`${means}.`, 'After another service has signed you in, one is asked for.']
  const text = asksForCredential ? `${alone} ${step}` : alone
  const row = { path: '/profile/passkeys', label: 'Passkeys', text }
  return { ...row, tag: count === 0 ? { text: 'none yet', tone: '' } : { text: String(count), tone: 'good' } }
}

function wordPasskey({ passkeySince }: ProfileValues): Row {
  const state = passkeySince === null ? 'None yet.' : `Made on ${wordDay(passkeySince)}.`
  const text = `${state} It lets you set a new password if you forget yours.`
  return { path: '/profile/recovery-passkey', label: 'Recovery passkey', text }
}

function wordQuestions({ questionsSince }: ProfileValues): Row {
  const text =
    questionsSince === null
      ? 'None yet. Another way to set a new password, less safe than a recovery passkey.'
      : `Set on ${wordDay(questionsSince)}.`
  return { path: '/profile/questions', label: 'Security questions', text }
}

function wordSessions({ sessionCount }: ProfileValues): Row {
  return {
    path: '/profile/sessions',
    label: 'Where you are signed in',
    text: wordSessionCount(sessionCount),
  }
}
