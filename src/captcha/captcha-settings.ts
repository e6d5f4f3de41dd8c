import type { HostedCaptcha } from './hosted-captchas.js'

/** The service that a hosted captcha is asked of, and Latchkey's account with it. */
export type CaptchaService = {
  captcha: HostedCaptcha
  siteKey: string
  secret: string
  verifyUrl: string
}

export type CaptchaSettings = {
  /** How many failures of an account or from an address bring a captcha with them; null: none is ever asked for. */
  failuresBeforeCaptcha: number | null
  /** Whether everybody who registers has to solve one. */
  onRegistration: boolean
  /** How many keys a browser derives at most for a proof of work; half of them on average. */
  difficulty: number
  /** Null: proof of work. */
  service: CaptchaService | null
}

/** How long a captcha of Latchkey's own can be solved. */
export const validitySeconds = 600

/** As what solutions are used up: see `UsedOnceStore`. */
export const oncePurpose = 'captcha'
