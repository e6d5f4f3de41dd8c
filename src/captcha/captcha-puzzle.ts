import type { Challenge } from 'altcha-lib'
import type { GuardedForm, Puzzle } from '../sign-in/human-check.js'
import type { CaptchaService } from './captcha-settings.js'
import type { AskedQuestion } from './question-check.js'

/** A proof of work, and a question for whoever cannot do it. */
export function ownPuzzle(challenge: Challenge, question: AskedQuestion, isWrong: boolean): Puzzle {
  return {
    values: { challenge: JSON.stringify(challenge), service: null, question, message: wordMessage(isWrong) },
    scripts: ['captcha.js'],
    json: { kind: 'altcha', challenge, question },
  }
}

/** A captcha of a service, and a question for whoever cannot load it. */
export function servicePuzzle(
  { captcha, siteKey }: CaptchaService,
  question: AskedQuestion,
  form: GuardedForm,
  isWrong: boolean,
): Puzzle {
  const { name, elementClass, scriptUrl, field } = captcha
  return {
    values: {
      challenge: null,
      service: { elementClass, scriptUrl, siteKey, action: form },
      question,
      message: wordMessage(isWrong),
    },
    scripts: ['captcha-service.js'],
    json: { kind: name, siteKey, field, action: form, question },
  }
}

function wordMessage(isWrong: boolean): string | null {
  return isWrong ? 'Answer this one, please: each question can be tried once.' : null
}
