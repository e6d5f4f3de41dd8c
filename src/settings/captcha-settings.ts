import type { CaptchaService, CaptchaSettings } from '../captcha/captcha-settings.js'
import { hostedCaptchas } from '../captcha/hosted-captchas.js'
import type { Environment } from './environment.js'

const kinds = ['altcha', 'recaptcha', 'hcaptcha', 'turnstile', 'off'] as const

/** Reads when a captcha is asked for, and which; complaints go to `environment`. */
export function readCaptchaSettings(environment: Environment): CaptchaSettings {
  const kind = environment.choice('CAPTCHA', kinds, 'altcha')
  const failures = environment.integer('CAPTCHA_AFTER_FAILURES', { fallback: 3, min: 0, max: 1_000_000 })
  const onRegistration = environment.choice('CAPTCHA_ON_REGISTRATION', ['on', 'off'], 'off') === 'on'
  if (kind === 'off' && onRegistration)
    environment.report('CAPTCHA_ON_REGISTRATION cannot be on while CAPTCHA is off.')
  return {
    failuresBeforeCaptcha: kind === 'off' ? null : failures,
    onRegistration,
    difficulty: environment.integer('CAPTCHA_DIFFICULTY', { fallback: 400, min: 1, max: 100_000 }),
    service: kind === 'off' || kind === 'altcha' ? null : readService(environment, kind),
  }
}

function readService(environment: Environment, kind: keyof typeof hostedCaptchas): CaptchaService {
  const captcha = hostedCaptchas[kind]
  const siteKey = environment.text('CAPTCHA_SITE_KEY')
  const secret = environment.text('CAPTCHA_SECRET')
  if (siteKey === null || secret === null)
    environment.report(
      `CAPTCHA=${kind} needs CAPTCHA_SITE_KEY and CAPTCHA_SECRET, as the service gives them.`,
    )
  const verifyUrl = environment.text('CAPTCHA_VERIFY_URL') ?? captcha.verifyUrl
  if (!URL.canParse(verifyUrl) || !/^https?:$/.test(new URL(verifyUrl).protocol))
    environment.report(
      `CAPTCHA_VERIFY_URL must be an address such as ${captcha.verifyUrl}, not "${verifyUrl}".`,
    )
  return { captcha, siteKey: siteKey ?? '', secret: secret ?? '', verifyUrl }
}
