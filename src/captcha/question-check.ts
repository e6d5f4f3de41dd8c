import { randomUUID } from 'node:crypto'
import type { InstallationSecret } from '../secrets/installation-secret.js'
import { SealedBox } from '../secrets/sealed-box.js'
import type { GuardedForm } from '../sign-in/human-check.js'
import type { UsedOnceStore } from '../used-once/used-once-store.js'
import { oncePurpose, validitySeconds } from './captcha-settings.js'
import { createPlainQuestion } from './plain-question.js'

/** A question as the form shows it; the token brings the right answers back, sealed. */
export type AskedQuestion = { text: string; token: string }

export type QuestionCheckParts = {
  installationSecret: InstallationSecret
  usedOnceStore: UsedOnceStore
  now: () => Date
}

/** Asks browsers that cannot do a proof of work a question, and looks at one answer to it. */
export class QuestionCheck {
  readonly #parts: QuestionCheckParts

  constructor(parts: QuestionCheckParts) {
    this.#parts = parts
  }

  /** @throws DatabaseUnavailable */
  async ask(form: GuardedForm): Promise<AskedQuestion> {
    const { text, answers } = createPlainQuestion()
    const expiresAt = this.#parts.now().getTime() + validitySeconds * 1000
    const content = Buffer.from([randomUUID(), expiresAt, ...answers].join('\n'))
    return { text, token: (await this.#box()).seal(content, form).toString('base64url') }
  }

  /**
   * @param token of a question that this form has asked
   * @returns whether it is right, and the first answer that was given
   * @throws DatabaseUnavailable
   */
  async verify(token: string, answer: string, form: GuardedForm): Promise<boolean> {
    const content = (await this.#box()).open(Buffer.from(token, 'base64url'), form)
    if (content === null) return false
    const [id = '', expiryMs, ...answers] = content.toString().split('\n')
    const expiresAt = new Date(Number(expiryMs))
    if (expiresAt <= this.#parts.now()) return false
    // Used up by a wrong answer too: there are few to choose from.
    const isFirst = await this.#parts.usedOnceStore.use(oncePurpose, id, expiresAt)
    return isFirst && answers.includes(answer.trim().toLowerCase())
  }

  async #box(): Promise<SealedBox> {
    const key = await this.#parts.installationSecret.deriveKey('captcha question')
    return new SealedBox(key.toString('base64url'), 'captcha question')
  }
}
