import { CaptchaDesk } from '../captcha/captcha-desk.js'
import { HostedVerifier } from '../captcha/hosted-verifier.js'
import { ProofOfWork } from '../captcha/proof-of-work.js'
import { QuestionCheck } from '../captcha/question-check.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { Ground } from './build-ground.js'

export type Captcha = ReturnType<typeof buildCaptcha>

/** What tells people from programs. */
export function buildCaptcha({ site, ground, attempts }: { site: Site; ground: Ground; attempts: Attempts }) {
  const { config, logger, now } = site
  const { captcha: settings, publicOrigin } = config
  const { service, difficulty } = settings
  const hostname = publicOrigin === null ? null : new URL(publicOrigin).hostname
  return {
    humanCheck: new CaptchaDesk({
      settings,
      proofOfWork: new ProofOfWork({ ...ground, difficulty, now }),
      questionCheck: new QuestionCheck({ ...ground, now }),
      hostedVerifier:
        service === null ? null : new HostedVerifier({ ...ground, service, hostname, log: logger, now }),
      addressLimit: attempts.addressLimit,
    }),
    handlers: [],
    upkeep: [],
  }
}
