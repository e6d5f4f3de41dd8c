import type { EndReason } from '../sessions/end-reason.js'
import type { LoginNotice } from './login-notice.js'

/** Says in one line what has happened. */
export function wordLoginNotice(notice: LoginNotice): string {
  switch (notice.kind) {
    case 'passwordReset':
      return 'Your password is changed, and you are signed out everywhere. Sign in with the new one.'
    case 'accountDeleted':
      return 'Your account is deleted, with everything that belonged to it.'
    case 'sessionEnded':
      return wordEnd(notice.reason)
  }
}

function wordEnd(reason: EndReason): string {
  switch (reason) {
    case 'endedByOwner':
      return 'You were signed out here from another browser.'
    case 'passwordChanged':
      return 'You were signed out here because the password of your account was changed.'
    case 'passwordReset':
      return 'You were signed out here because the password of your account was reset.'
    case 'endedByOperator':
      return 'You were signed out here by whoever runs this service.'
    case 'passwordSetByOperator':
      return 'You were signed out here because whoever runs this service gave your account a new password.'
    case 'accountDeleted':
      return 'You were signed out here because your account was deleted.'
  }
}
