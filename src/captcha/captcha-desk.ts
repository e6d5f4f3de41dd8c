import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AddressLimit } from '../attempts/address-limit.js'
import { addressNetwork } from '../attempts/address-network.js'
import { readFormField } from '../http/form-field.js'
import { widenContentSecurityPolicy } from '../http/widen-content-security-policy.js'
import type { GuardedForm, HumanCheck, HumanVerdict, Puzzle } from '../sign-in/human-check.js'
import type { CaptchaSettings } from './captcha-settings.js'
import { ownPuzzle, servicePuzzle } from './captcha-puzzle.js'
import type { HostedVerifier } from './hosted-verifier.js'
import type { ProofOfWork } from './proof-of-work.js'
import type { QuestionCheck } from './question-check.js'

export type CaptchaDeskParts = {
  settings: CaptchaSettings
  proofOfWork: ProofOfWork
  questionCheck: QuestionCheck
  /** Null where no service is set. */
  hostedVerifier: HostedVerifier | null
  addressLimit: AddressLimit
}

/** Where captchas are handed out and taken back: what sign-in plugs in to tell people from programs. */
export class CaptchaDesk implements HumanCheck {
  readonly #parts: CaptchaDeskParts

  constructor(parts: CaptchaDeskParts) {
    this.#parts = parts
  }

  /** See `HumanCheck`. */
  asksEverybody(form: GuardedForm): boolean {
    const { failuresBeforeCaptcha, onRegistration } = this.#parts.settings
    return form === 'register' ? onRegistration : failuresBeforeCaptcha === 0
  }

  /** See `HumanCheck`. */
  async judge(req: FastifyRequest, form: GuardedForm): Promise<HumanVerdict> {
    const { settings, proofOfWork } = this.#parts
    if (settings.failuresBeforeCaptcha === null) return 'missing'
    const proof = readText(req.body, 'altcha')
    // Costs a hash to look at, so nobody has to be kept from it.
    if (proof !== '') return (await proofOfWork.verify(proof, form)) ? 'human' : 'wrong'
    return this.#wasSent(req.body) ? this.#judgeLimited(req, form) : 'missing'
  }

  /** See `HumanCheck`. */
  async pose(
    reply: FastifyReply,
    form: GuardedForm,
    verdict: HumanVerdict = 'missing',
    isDue = false,
  ): Promise<Puzzle | null> {
    const { settings, proofOfWork, questionCheck } = this.#parts
    if (settings.failuresBeforeCaptcha === null) return null
    if (!isDue && !this.asksEverybody(form) && !this.#wasSent(reply.request.body)) return null
    const question = await questionCheck.ask(form)
    const isWrong = verdict === 'wrong'
    if (settings.service === null || verdict === 'serviceDown')
      return ownPuzzle(await proofOfWork.create(form), question, isWrong)
    widenContentSecurityPolicy(reply, settings.service.captcha.sources)
    return servicePuzzle(settings.service, question, form, isWrong)
  }

  /** Answers can be guessed, and services have to be asked: a network that is often wrong has to wait. */
  async #judgeLimited({ body, ip }: FastifyRequest, form: GuardedForm): Promise<HumanVerdict> {
    const { addressLimit } = this.#parts
    const subject = `captcha ${addressNetwork(ip)}`
    if ((await addressLimit.refuse(subject)) !== null) return 'tooManyWrong'
    const verdict = await this.#judgeSent(body, form, ip)
    if (verdict === 'wrong') await addressLimit.count(subject)
    return verdict
  }

  async #judgeSent(body: unknown, form: GuardedForm, clientAddress: string): Promise<HumanVerdict> {
    const { questionCheck, hostedVerifier } = this.#parts
    const response = this.#readResponse(body)
    if (hostedVerifier !== null && response !== '')
      return hostedVerifier.verify(response, form, clientAddress)
    const answer = readText(body, 'captchaAnswer')
    if (answer === '') return 'missing'
    return (await questionCheck.verify(readText(body, 'captchaToken'), answer, form)) ? 'human' : 'wrong'
  }

  /** Whether the form had a puzzle, solved or not. */
  #wasSent(body: unknown): boolean {
    const isOwn = ['altcha', 'captchaToken'].some((name) => readText(body, name) !== '')
    return isOwn || this.#readResponse(body) !== ''
  }

  #readResponse(body: unknown): string {
    const { service } = this.#parts.settings
    return service === null ? '' : readText(body, service.captcha.field)
  }
}

function readText(body: unknown, name: string): string {
  const field = readFormField(body, name)
  return field.kind === 'text' ? field.text : ''
}
