import type { EmailStanding } from '../accounts/email-standing.js'

export type Tag = { text: string; tone: 'good' | '' }

/** What stands beside an address. */
export const emailTags: Record<EmailStanding, Tag> = {
  confirmed: { text: 'confirmed', tone: 'good' },
  confirmAgain: { text: 'to be confirmed again', tone: '' },
  unconfirmed: { text: 'not confirmed', tone: '' },
}
