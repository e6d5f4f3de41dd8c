/** An OpenID provider, and as whom this service is registered there. */
export type OpenidRules = {
  /** Without a slash when it is a mere origin. */ issuer: string
  clientId: string
  /** Null for a public client. */ clientSecret: string | null
  /** What people call it. */ name: string
}

/** A Firebase project whose users may sign in here. */
export type FirebaseRules = {
  projectId: string
  /** Where the public keys are that its ID tokens are signed with. */ jwksUrl: string
}
