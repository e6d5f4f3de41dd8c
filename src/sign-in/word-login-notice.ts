import type { EndReason } from '../sessions/end-reason.js'
import type { LoginNotice } from './login-notice.js'

/** Says what has happened, and why in one line. */
export function wordLoginNotice(notice: LoginNotice): { heading: string; text: string } {
  switch (notice.kind) {
    case 'passwordReset':
      return {
        heading: 'Your password is changed',
        text: 'You are signed out everywhere. If your account was locked, it no longer is. Sign in with the new one.',
      }
    case 'signedOut':
      return { heading: 'You are signed out', text: 'In this browser, here and in all apps.' }
    case 'accountDeleted':
      return { heading: 'Your account is deleted', text: 'Everything that belonged to it is gone with it.' }
    case 'signInOver':
      return {
        heading: 'Please sign in again',
        text: 'That sign-in was not finished in time, or something was changed meanwhile.',
      }
    case 'sessionEnded':
      return { heading: 'You were signed out here', text: wordReason(notice.reason) }
  }
}

function wordReason(reason: EndReason): string {
  switch (reason) {
    case 'endedByOwner':
      return 'It was done on another browser that is signed in to your account.'
    case 'passwordChanged':
      return 'The password of your account was changed.'
    case 'passwordReset':
      return 'The password of your account was reset.'
    case 'endedByOperator':
      return 'Whoever runs this service has signed you out everywhere.'
    case 'passwordSetByOperator':
      return 'Whoever runs this service has given your account a new password.'
    case 'accountDeleted':
      return 'Your account was deleted.'
  }
}
