import type { App } from '../sibling-apps/app-at.js'
import { onwardAddress } from '../sign-in/onward-address.js'

/** What the tour of an account prints, see `views/parts/tutorial.eta`. */
export type TutorialPart = {
  page: TutorialPage
  leaveUrl: string
  username: string
  isFirstVisit: boolean
  steps: readonly { heading: string; text: string }[]
}

/** The pages on which the tour begins, and to which it returns. */
export const tutorialPages = ['/dashboard', '/profile'] as const
export type TutorialPage = (typeof tutorialPages)[number]

export type TutorialVisit = {
  username: string
  isFirstVisit: boolean
  hasPasskeys: boolean
  /** Where somebody is going from the page. */
  app: App | null
}

/** Words of the tour; it tells of a recovery passkey only where there are any. */
export function createTutorialPart(
  page: TutorialPage,
  { username, isFirstVisit, hasPasskeys, app }: TutorialVisit,
): TutorialPart {
  return {
    page,
    leaveUrl: onwardAddress('/profile/tutorial', app),
    username,
    isFirstVisit,
    steps: hasPasskeys ? [welcome, profile, passkey, watch] : [welcome, profile, watch],
  }
}

const welcome = {
  heading: 'Welcome to your account',
  text: 'Here you look after the account that signs you in to your apps. This short tour shows what there is; leave it whenever you like.',
}
const profile = {
  heading: 'Your profile',
  text: 'Under “Profile” you choose the name that is shown, add or confirm your e-mail address, and change your password.',
}
const passkey = {
  heading: 'Your way back in',
  text: 'Keep your recovery passkey where you find it again. If you forget your password, it lets you set a new one.',
}
const watch = {
  heading: 'Keep an eye on it',
  text: '“Sessions” lists every browser that is signed in as you, and “Events” what has happened. Sign out what you do not know, and change your password.',
}
