import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CaptchaNeeded } from './sign-in-gate.js'

/** The forms that may set a puzzle. */
export type GuardedForm = 'login' | 'register'

/** Why nobody knows whether a person sent a form. */
export type NotHuman = 'missing' | 'wrong' | 'tooManyWrong' | 'serviceDown'

export type HumanVerdict = 'human' | NotHuman

/** The password is not looked at, or no account made, without a puzzle that is solved. */
export type CaptchaRefusal = CaptchaNeeded & { because: NotHuman }

/** What a form asks to tell people from programs. */
export type Puzzle = {
  /** For the part `captcha` of a page. */
  values: object
  /** Files in `views/assets` that the page runs. */
  scripts: readonly string[]
  /** The same for a program, which may solve it if it can. */
  json: object
}

/** A socket: what tells people from programs plugs in here. Captchas do. */
export type HumanCheck = {
  /** Whether a form sets a puzzle whoever comes, and whatever has failed. */
  asksEverybody: (form: GuardedForm) => boolean
  /**
   * Judges what was sent with a form to solve its puzzle. A solution is good for one form and one time.
   *
   * @throws DatabaseUnavailable
   */
  judge: (req: FastifyRequest, form: GuardedForm) => Promise<HumanVerdict>
  /**
   * Makes the puzzle of the form that is the answer, and lets its page load what it needs.
   *
   * @param verdict what the form before it was judged as; left out when it was not
   * @param isDue false where only those get one who had one before, or if everybody does
   * @returns null when there is none
   */
  pose: (
    reply: FastifyReply,
    form: GuardedForm,
    verdict?: HumanVerdict,
    isDue?: boolean,
  ) => Promise<Puzzle | null>
}

/** Whether the next try wants a puzzle to be solved. */
export function isPuzzleDue(result: { kind: string; needsCaptcha?: boolean }): boolean {
  return result.kind === 'captchaNeeded' || result.needsCaptcha === true
}

/** @param verdict on what was sent; where it was good it was not asked about */
export function captchaRefusal(verdict: HumanVerdict): CaptchaRefusal {
  return { kind: 'captchaNeeded', because: verdict === 'human' ? 'missing' : verdict }
}
