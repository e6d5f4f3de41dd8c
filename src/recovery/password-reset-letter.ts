import type { Letter } from '../mail/letter.js'

/** Tells the owner of an account that its password was reset, and what to do if that was somebody else. */
export function passwordResetLetter(values: { serviceName: string; username: string; to: string }): Letter {
  const { serviceName, username, to } = values
  return {
    to: { address: to },
    subject: `Your password for ${serviceName} was reset`,
    text:
      `Hello ${username},\n\n` +
      `the password of your account at ${serviceName} has just been reset by way of "Forgot your password?". Whoever was ` +
      'signed in with it has been signed out everywhere, and the old recovery passkey, security questions, passkeys and ' +
      'links to other services no longer count.\n\n' +
      'If that was you, there is nothing to do. At your next sign-in you get a new recovery passkey.\n\n' +
      'If it was not, somebody else may be in your account now. Take it back the same way, by "Forgot your password?" on ' +
      'the sign-in page, and tell whoever runs the service.\n',
  }
}
