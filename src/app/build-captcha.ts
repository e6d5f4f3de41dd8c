import { CaptchaDesk } from '../captcha/captcha-desk.js'
import { CaptchaStore } from '../captcha/captcha-store.js'
import { CaptchaUpkeep } from '../captcha/captcha-upkeep.js'
import { HostedVerifier } from '../captcha/hosted-verifier.js'
import { ProofOfWork } from '../captcha/proof-of-work.js'
import { QuestionCheck } from '../captcha/question-check.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'

export type Captcha = ReturnType<typeof buildCaptcha>

/** What tells people from programs. */
export function buildCaptcha({ site, attempts }: { site: Site; attempts: Attempts }) {
  const { config, database, logger, now } = site
  const { captcha: settings, publicOrigin } = config
  const { service, difficulty } = settings
  const captchaStore = new CaptchaStore(database)
  const hostname = publicOrigin === null ? null : new URL(publicOrigin).hostname
  return {
    humanCheck: new CaptchaDesk({
      settings,
      proofOfWork: new ProofOfWork({ captchaStore, difficulty, now }),
      questionCheck: new QuestionCheck({ captchaStore, now }),
      hostedVerifier:
        service === null ? null : new HostedVerifier({ captchaStore, service, hostname, log: logger, now }),
      addressLimit: attempts.addressLimit,
    }),
    handlers: [],
    upkeep: [
      new CaptchaUpkeep({
        captchaStore,
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
