import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDay } from '../sign-in/word-day.js'
import { credentialsPath, stepSwitchPath } from './credential-address.js'
import { mostCredentials } from './credential-keeper.js'
import type { Credential } from './credential.js'

export type CredentialsPageValues = {
  credentials: readonly Credential[]
  /** Whether one is asked for after the password. */ isStepOn: boolean
  /** What was just done, in words. */
  done: string | null
  /** Whether that was to remove one, whose sessions go on. */ wasRemoved: boolean
}

export type CredentialPageValues = {
  credential: Credential
  /** As it was typed. */ name: string
  /** Whether none can be asked for after the password any more when it is removed. */ endsStep: boolean
  username: string
  isPasswordNeeded: boolean
  /** Why something was not done; null when nothing is wrong. */
  notice: Notice<'name' | 'currentPassword'> | null
  /** What was just done, in words. */
  done: string | null
}

/** Words and HTML of the pages on which one sees passkeys, names and removes them. */
export class CredentialsPageCreator {
  readonly #view: View
  readonly #hasRecoveryPasskeys: boolean

  /** @param settings.hasRecoveryPasskeys whether there are codes on paper of nearly the same name */
  constructor(view: View, settings: { hasRecoveryPasskeys: boolean }) {
    this.#view = view
    this.#hasRecoveryPasskeys = settings.hasRecoveryPasskeys
  }

  buildCredentialsPage({ credentials, ...values }: CredentialsPageValues): Promise<string> {
    return this.#view('webauthn/credentials', {
      title: values.done ?? 'Passkeys',
      section: 'profile',
      ...values,
      credentials: credentials.map(describe),
      most: mostCredentials,
      hasRecoveryPasskeys: this.#hasRecoveryPasskeys,
      stepUrl: stepSwitchPath,
      mayAdd: credentials.length < mostCredentials,
    })
  }

  buildCredentialPage({ credential, notice, done, ...values }: CredentialPageValues): Promise<string> {
    const title = notice === null ? credential.name : `${notice.heading} – ${credential.name}`
    return this.#view('webauthn/credential', {
      title: done ?? title,
      section: 'profile',
      done,
      notice,
      messages: notice?.messages ?? {},
      credential: describe(credential),
      ...values,
    })
  }
}

function describe({ id, name, isBackedUp, createdAt, lastUsedAt }: Credential) {
  return {
    name,
    isBackedUp,
    created: { day: wordDay(createdAt), time: createdAt.toISOString() },
    lastUsed: lastUsedAt === null ? null : { day: wordDay(lastUsedAt), time: lastUsedAt.toISOString() },
    url: `${credentialsPath}/${id}`,
  }
}
