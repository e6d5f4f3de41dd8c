import { wordDuration } from '../sign-in/word-duration.js'
import type { OpenidProblem } from './openid-problem.js'

/** Says why it leads no further, and what to do. @param name of the other service */
export function wordOpenidProblem(problem: OpenidProblem, name: string): { title: string; text: string } {
  switch (problem.kind) {
    case 'unavailable':
      return {
        title: `${name} cannot be reached right now`,
        text: 'Nothing is lost. Try again in a minute, or go another way.',
      }
    case 'addressCoolingDown':
      return {
        title: 'Too many failed attempts',
        text: `Too many sign-ins from your network have failed. You can try again in ${wordDuration(problem.retryAfterSeconds)}.`,
      }
    case 'declined':
      return { title: `You did not go on with ${name}`, text: 'Nothing has changed here.' }
    case 'refused':
      return {
        title: `The answer of ${name} was not accepted`,
        text: 'Something in it was not as it has to be. Start again; if it stays so, tell whoever runs this service.',
      }
    case 'over':
      return {
        title: 'Please start again',
        text: 'It took too long, was done already, or was begun in another browser.',
      }
    case 'identityTaken':
      return {
        title: `This account at ${name} is in use`,
        text: `It signs somebody in to another account here, or yours is linked to another one at ${name} already. Nothing has changed.`,
      }
    case 'anotherIdentity':
      return {
        title: `That is another account at ${name}`,
        text: 'It is not the one that you sign in here with. Sign in there with the right one.',
      }
    case 'notRecent':
      return {
        title: `${name} does not say that you have just signed in there`,
        text: `Sign out of ${name} in this browser and try again. If that does not help, set a password here by “Forgot your password?”; it can be asked for instead.`,
      }
  }
}
