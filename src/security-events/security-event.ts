/** What can happen to an account that its owner should know of. */
export const SECURITY_EVENT_KINDS = [
  'registered',
  'signedIn',
  'signInFailed',
  'signInCodeAsked',
  'signInCodeWrong',
  'accountLocked',
  'signedOut',
  'passwordChanged',
  'passwordReset',
  'passwordSetByOperator',
  'unlockedByOperator',
  'resetCodeIssued',
  'recoveryPasskeyCreated',
  'recoveryFailed',
  'securityQuestionsSet',
  'securityQuestionsRemoved',
  'signInCodeOn',
  'signInCodeOff',
  'authenticatorAppOn',
  'authenticatorAppOff',
  'recoveryCodesMade',
  'recoveryCodeUsed',
  'secondFactorRemovedByOperator',
  'emailChanged',
  'emailConfirmed',
  'emailRemoved',
  'emailLost',
  'emailRemovedByOperator',
  'sessionEnded',
  'otherSessionsEnded',
  'sessionsEndedByOperator',
  'refreshTokenReused',
  'identityLinked',
  'identityUnlinked',
  'credentialAdded',
  'credentialRemoved',
  'credentialCopied',
  'webauthnStepOn',
  'webauthnStepOff',
  'webauthnStepTaken',
] as const

/** What strangers, or whoever has the password, can cause as often as they like: listed once a day. */
export const DAILY_EVENT_KINDS: readonly SecurityEventKind[] = [
  'signInFailed',
  'signInCodeAsked',
  'signInCodeWrong',
  'recoveryFailed',
]

export type SecurityEventKind = (typeof SECURITY_EVENT_KINDS)[number]

/** By what a sign-in began. */
export type FirstFactorKind = 'password' | 'passkey' | 'provider'

export type SecurityEvent = {
  accountId: string
  kind: SecurityEventKind
  at: Date
  /** Of whoever did it; null for the operator, and for the owner of another account. */
  clientAddress: string | null
  /** How their browser named itself; null when it did not, and for those. */
  userAgent: string | null
  /** Of the sign-in that it is of; none for all else. */
  firstFactor?: FirstFactorKind
}
