/** Ways to prove that an account is one's own which the operator can offer, in the order in which they are offered. */
export const recoveryMethods = ['passkey', 'email', 'questions'] as const

export type RecoveryMethod = (typeof recoveryMethods)[number]

/** All ways: besides those, the code that the operator hands to one person, which needs no offering. */
export type ProofMethod = RecoveryMethod | 'code'

/** Those that ask for one thing on one page. */
export type SimpleProofMethod = Exclude<ProofMethod, 'questions'>
