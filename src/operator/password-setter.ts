import { CommonPasswords } from '../accounts/common-passwords.js'
import { judgePassword } from '../accounts/judge-password.js'
import { wordPasswordProblem } from '../accounts/word-password-problem.js'
import { PasswordHasher } from '../secrets/password-hasher.js'
import type { OperatorSettings } from './operator-house.js'
import { OperatorProblem } from './operator-problem.js'
import type { OperatorTerminal } from './operator-terminal.js'

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Gets a new password out of the operator, holds it to the rules of registration, and hashes it as the service does. */
export class PasswordSetter {
  readonly #settings: OperatorSettings
  readonly #terminal: OperatorTerminal
  readonly #isOnInput: boolean

  /** @param isOnInput whether the password is on standard input */
  constructor(settings: OperatorSettings, terminal: OperatorTerminal, isOnInput: boolean) {
    this.#settings = settings
    this.#terminal = terminal
    this.#isOnInput = isOnInput
  }

  /**
   * @param username whose password it becomes; one like it is refused, as is one like `email`
   * @returns a PHC string
   * @throws OperatorProblem when nobody can be asked, or the password is refused
   */
  async hashNew(username: string, email: string): Promise<string> {
    const password = this.#isOnInput ? await this.#terminal.readSecretLine() : await this.#ask(username)
    await this.#check(password, username, email)
    const hasher = new PasswordHasher({ ...this.#settings.passwords.hashing, concurrency: 1, logger })
    try {
      return await hasher.hash(password)
    } finally {
      await hasher.close()
    }
  }

  async #ask(username: string): Promise<string> {
    const terminal = this.#terminal
    if (!terminal.canAsk) {
      throw new OperatorProblem(
        'Nobody is there to be asked for a password. Give it on standard input and say --password-stdin.',
      )
    }
    const password = await terminal.askSecretly(`New password for ${username}: `)
    const again = await terminal.askSecretly('The same again: ')
    if (password === again) return password
    throw new OperatorProblem('The two differ. Nothing was changed.')
  }

  async #check(password: string, username: string, email: string): Promise<void> {
    const isCommon = await new CommonPasswords().load()
    const { serviceName, passwords } = this.#settings
    const refusal =
      password === ''
        ? ({ kind: 'empty' } as const)
        : judgePassword(password, {
            minimumLength: passwords.minimumLength,
            username,
            email,
            serviceName,
            isCommon,
          })
    if (refusal.kind !== 'valid')
      throw new OperatorProblem(wordPasswordProblem({ field: 'password', refusal }))
  }
}
