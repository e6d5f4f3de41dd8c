/** What somebody who signs in has shown first; what comes after it is the second step. */
export type FirstFactor =
  | { kind: 'password' }
  /** Without a name or a password. */
  | {
      kind: 'passkey'
      credentialId: string
      /** Its authenticator has verified its owner as never before, which counts once another factor was shown, too. */
      hasNewUv: boolean
    }
  /** The word of another service. */
  | { kind: 'provider' }
