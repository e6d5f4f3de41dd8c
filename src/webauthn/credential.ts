/** A passkey as its owner sees it. */
export type Credential = {
  id: string
  name: string
  /** Whether copies of it are kept elsewhere, so that it outlives its device. */
  isBackedUp: boolean
  createdAt: Date
  /** Null when nobody has signed in with it yet. */
  lastUsedAt: Date | null
}

/** What is known of a passkey when it signs. */
export type CredentialKey = {
  id: string
  accountId: string
  /** Of the account, at the moment in which the passkey was its. */
  passwordVersion: number
  /** By which its authenticator knows it, in base64url. */
  credentialId: string
  /** As which that knows the account, in base64url. */
  userHandle: string
  /** A COSE_Key, RFC 9052. */
  publicKey: Uint8Array<ArrayBuffer>
  /** Whether it is known that its authenticator verifies its owner, and not whoever has found it. */
  isUvInitialized: boolean
  /** Whether it may be kept elsewhere, too; null when nobody has said yet. */
  isBackupEligible: boolean | null
}

/** How a page finds a passkey in this browser: Web Authentication, section 5.8.3. */
export type CredentialDescriptor = { type: 'public-key'; id: string; transports: string[] }

export type NewCredential = {
  /** In base64url. */ credentialId: string
  publicKey: Uint8Array
  signCount: number
  transports: readonly string[]
  isBackedUp: boolean
  isBackupEligible: boolean
  isUserVerified: boolean
}

/** What a signature tells of its authenticator. */
export type CredentialUse = { signCount: number; isBackedUp: boolean; isBackupEligible: boolean; at: Date }
