import type { NotHuman } from './human-check.js'

const words: { [because in NotHuman]: string } = {
  missing: 'We check first that no program is at work here.',
  wrong: 'The check that no program is at work here was not passed, or was too old. Here is a new one.',
  tooManyWrong:
    'Too many checks from your network were not passed. Try again in a while, or on another browser where you have signed ' +
    'in before.',
  serviceDown:
    'The service that checks that no program is at work here cannot be reached. Here is a check of our own instead.',
}

/** Says why somebody has to show that they are no program. */
export function wordCaptcha(because: NotHuman): string {
  return words[because]
}
