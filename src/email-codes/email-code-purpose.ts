/** What a mailed code is for; a code for one is none for another. */
export type EmailCodePurpose = 'confirmEmail' | 'recoverAccount' | 'signIn'
