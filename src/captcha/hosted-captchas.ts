import type { ContentSources } from '../http/widen-content-security-policy.js'

/** A captcha that somebody else hosts. All three speak one protocol. */
export type HostedCaptcha = {
  name: 'recaptcha' | 'hcaptcha' | 'turnstile'
  /** The class of the element that its script fills. */
  elementClass: string
  /** The field in which the form then sends the response. */
  field: string
  scriptUrl: string
  verifyUrl: string
  /** Whether the service tells which form the response was made for. */
  tellsAction: boolean
  /** Where its documents say that it loads from. */
  sources: ContentSources
}

const recaptchaScripts = ['https://www.google.com/recaptcha/', 'https://www.gstatic.com/recaptcha/']
const hcaptchaHosts = ['https://hcaptcha.com', 'https://*.hcaptcha.com']
const turnstileHosts = ['https://challenges.cloudflare.com']

export const hostedCaptchas: { [name in HostedCaptcha['name']]: HostedCaptcha } = {
  /** Version 2, the checkbox. */
  recaptcha: {
    name: 'recaptcha',
    elementClass: 'g-recaptcha',
    field: 'g-recaptcha-response',
    scriptUrl: 'https://www.google.com/recaptcha/api.js',
    verifyUrl: 'https://www.google.com/recaptcha/api/siteverify',
    tellsAction: false,
    sources: {
      scripts: recaptchaScripts,
      frames: ['https://www.google.com/recaptcha/', 'https://recaptcha.google.com/recaptcha/'],
      styles: [],
      connections: ['https://www.google.com/recaptcha/'],
    },
  },
  hcaptcha: {
    name: 'hcaptcha',
    elementClass: 'h-captcha',
    field: 'h-captcha-response',
    scriptUrl: 'https://js.hcaptcha.com/1/api.js',
    verifyUrl: 'https://api.hcaptcha.com/siteverify',
    tellsAction: false,
    sources: {
      scripts: hcaptchaHosts,
      frames: hcaptchaHosts,
      styles: hcaptchaHosts,
      connections: hcaptchaHosts,
    },
  },
  turnstile: {
    name: 'turnstile',
    elementClass: 'cf-turnstile',
    field: 'cf-turnstile-response',
    scriptUrl: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
    verifyUrl: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
    tellsAction: true,
    sources: { scripts: turnstileHosts, frames: turnstileHosts, styles: [], connections: [] },
  },
}
