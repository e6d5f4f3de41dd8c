import type { Notice } from '../sign-in/notice.js'
import type { EnrolmentOutcome } from './credential-enrolment.js'
import { mostCredentials } from './credential-keeper.js'

export type EnrolmentRefusal = Exclude<EnrolmentOutcome, { kind: 'added' } | { kind: 'sessionOver' }>

/** The HTTP status of each refusal. */
export const enrolmentStatuses: { [kind in EnrolmentRefusal['kind']]: number } = {
  refused: 400,
  challengeOver: 400,
  known: 409,
  tooMany: 409,
}

/** Says why a passkey was not taken, and what to do. */
export function wordEnrolmentRefusal({ kind }: EnrolmentRefusal): Notice<never> {
  switch (kind) {
    case 'refused':
      return {
        heading: 'This passkey was not accepted',
        text: 'What your browser sent could not be verified. Please try again.',
      }
    case 'challengeOver':
      return {
        heading: 'Please try once more',
        text: 'Too much time has passed since this page was opened, or the passkey was sent twice.',
      }
    case 'known':
      return { heading: 'This passkey is known already', text: 'Each can be added once.' }
    case 'tooMany':
      return {
        heading: 'You have as many passkeys as there can be',
        text: `An account has ${mostCredentials} at most. Remove one first.`,
      }
  }
}
