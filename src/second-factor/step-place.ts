import type { PendingSignIn } from './pending-sign-in.js'

/** What the second step is taken for. Its pages are the same by both, at other addresses and in other words. */
export type StepPurpose = 'signIn' | 'proof'

const roots = { signIn: '/login', proof: '/profile/confirm' } as const satisfies {
  [purpose in StepPurpose]: `/${string}`
}

export function purposeOf({ sessionId }: Pick<PendingSignIn, 'sessionId'>): StepPurpose {
  return sessionId === null ? 'signIn' : 'proof'
}

/** Where a page of the second step is. @param path where it is at sign-in */
export function stepPlace(purpose: StepPurpose, path: `/login/${string}`): `/${string}` {
  return `${roots[purpose]}${path.slice(roots.signIn.length)}`
}
