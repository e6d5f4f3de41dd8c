import type { GuardedForm } from '../sign-in/human-check.js'
import type { UsedOnceStore } from '../used-once/used-once-store.js'
import { oncePurpose, validitySeconds, type CaptchaService } from './captcha-settings.js'
import { readShortBody } from './read-short-body.js'

const patienceMs = 3000
/** Errors that are the operator's, not the visitor's. */
const misconfigurations = ['missing-input-secret', 'invalid-input-secret', 'sitekey-secret-mismatch']

export type HostedVerifierParts = {
  usedOnceStore: UsedOnceStore
  service: CaptchaService
  /** Latchkey's own, which the response must have been made on; null when it is not known. */
  hostname: string | null
  log: { warn: (details: object, message: string) => void }
  now: () => Date
}

type Answer = { success: unknown; hostname?: unknown; action?: unknown; 'error-codes'?: unknown }

/** Asks a service whether a response of its captcha is good. reCAPTCHA, hCaptcha and Turnstile are asked alike. */
export class HostedVerifier {
  readonly #parts: HostedVerifierParts

  constructor(parts: HostedVerifierParts) {
    this.#parts = parts
  }

  /**
   * @param response what the form has sent
   * @returns `serviceDown` when the service cannot be asked, or not by this operator; the log has the reason then
   * @throws DatabaseUnavailable
   */
  async verify(
    response: string,
    form: GuardedForm,
    clientAddress: string,
  ): Promise<'human' | 'wrong' | 'serviceDown'> {
    const { usedOnceStore, service, now } = this.#parts
    const answer = await this.#tryToAsk(response, clientAddress)
    if (answer === null) return 'serviceDown'
    if (answer.success !== true || !this.#isOfForm(answer, form)) return 'wrong'
    // The services take a response once; one that is asked through a relay may not.
    const expiresAt = new Date(now().getTime() + validitySeconds * 1000)
    const isFirst = await usedOnceStore.use(oncePurpose, `${service.captcha.name} ${response}`, expiresAt)
    return isFirst ? 'human' : 'wrong'
  }

  /** @returns null when there is no answer that says anything about the response */
  async #tryToAsk(response: string, clientAddress: string): Promise<Answer | null> {
    const { service, log } = this.#parts
    try {
      const answer = await this.#ask(response, clientAddress)
      const errors = Array.isArray(answer['error-codes']) ? answer['error-codes'] : []
      if (misconfigurations.some((code) => errors.includes(code))) {
        log.warn({ captcha: service.captcha.name, errors }, 'the captcha service does not know this secret')
        return null
      }
      return answer
    } catch (error) {
      log.warn({ captcha: service.captcha.name, err: error }, 'the captcha service cannot be asked')
      return null
    }
  }

  async #ask(response: string, remoteip: string): Promise<Answer> {
    const { secret, verifyUrl } = this.#parts.service
    const signal = AbortSignal.timeout(patienceMs)
    const reply = await fetch(verifyUrl, {
      method: 'POST',
      body: new URLSearchParams({ secret, response, remoteip }),
      redirect: 'error',
      signal,
    })
    if (!reply.ok) throw new Error(`it answered ${reply.status}`)
    const answer: unknown = JSON.parse(await readShortBody(reply, signal))
    if (typeof answer !== 'object' || answer === null || !('success' in answer))
      throw new Error('it answered something else')
    return answer
  }

  /** A response that was made elsewhere, or for another form, is not good here. */
  #isOfForm({ hostname, action }: Answer, form: GuardedForm): boolean {
    const { service, hostname: own } = this.#parts
    if (own !== null && typeof hostname === 'string' && hostname !== own) return false
    return !service.captcha.tellsAction || action === form
  }
}
