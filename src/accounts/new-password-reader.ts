import { readFormField } from '../http/form-field.js'
import type { CommonPasswords } from './common-passwords.js'
import { judgePassword } from './judge-password.js'
import type { NewPasswordProblem } from './new-password-problem.js'

export type NewPasswordReaderParts = {
  commonPasswords: CommonPasswords
  /** In code points, 8 to 64. */
  minimumLength: number
  serviceName: string
}

/** Reads a password that somebody wants to have, and its repetition, out of a form. */
export class NewPasswordReader {
  readonly #parts: NewPasswordReaderParts

  constructor(parts: NewPasswordReaderParts) {
    this.#parts = parts
  }

  /**
   * @param body `request.body`, of whatever shape the client chose
   * @param context whose password it becomes; empty texts where that is not known
   * @param names of the fields in the form
   * @returns the password exactly as typed, and what is wrong with it; nothing is when there are no problems
   */
  async read(
    body: unknown,
    context: { username: string; email: string },
    names = { password: 'password', confirmation: 'confirmPassword' },
  ): Promise<{ typed: string; problems: NewPasswordProblem[] }> {
    const field = readFormField(body, names.password)
    if (field.kind === 'repeated' || field.kind === 'unreadable')
      return { typed: '', problems: [{ field: 'password', refusal: field }] }
    if (field.kind === 'missing')
      return { typed: '', problems: [{ field: 'password', refusal: { kind: 'empty' } }] }

    const typed = field.text
    const { commonPasswords, minimumLength, serviceName } = this.#parts
    const isCommon = await commonPasswords.load()
    const refusal = judgePassword(typed, { ...context, minimumLength, serviceName, isCommon })
    if (refusal.kind !== 'valid') return { typed, problems: [{ field: 'password', refusal }] }
    const confirmation = readFormField(body, names.confirmation)
    if (confirmation.kind === 'text' && confirmation.text === typed) return { typed, problems: [] }
    const kind = confirmation.kind === 'missing' ? 'empty' : 'different'
    return { typed, problems: [{ field: 'confirmPassword', refusal: { kind } }] }
  }
}
