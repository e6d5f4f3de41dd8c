import type { NotHuman } from './human-check.js'

const words: { [because in NotHuman]: string } = {
  missing: 'We check first that you are not a robot.',
  wrong: 'The check that you are not a robot was not passed, or was too old. Here is a new one.',
  tooManyWrong:
    'Too many checks from your network were not passed. Try again in a while, or on another browser where you have signed ' +
    'in before.',
  serviceDown:
    'The service that checks that you are not a robot cannot be reached. Here is a check of our own instead.',
}

/** Says why somebody has to show that they are no program. */
export function wordCaptcha(because: NotHuman): string {
  return words[because]
}
