import { createHash } from 'node:crypto'
import type { Queryable } from '../database/queryable.js'
import { questionCount, questionKeys, type QuestionKey } from './security-questions.js'

/**
 * Invents the questions that a name without any is asked where nobody may learn which names exist: always the same for
 * a name, and other ones at each installation. Owns the table `recovery_disguise`.
 */
export class QuestionDisguise {
  readonly #database: Queryable
  #seed: string | undefined

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @param nameHash what stands for the name, see `RecoveryStore` */
  async questionsFor(nameHash: Buffer): Promise<QuestionKey[]> {
    const seed = await this.#readSeed()
    // Ranked one by one, so that a question that joins the catalogue changes what few names are asked.
    const rank = (key: QuestionKey) =>
      createHash('sha256').update(seed).update(nameHash).update(key).digest('hex')
    return questionKeys
      .map((key) => ({ key, rank: rank(key) }))
      .toSorted((one, other) => (one.rank < other.rank ? -1 : 1))
      .slice(0, questionCount)
      .map(({ key }) => key)
  }

  async #readSeed(): Promise<string> {
    if (this.#seed === undefined) {
      const { rows } = await this.#database.query<{ seed: string }>('select seed from recovery_disguise')
      this.#seed = rows[0]?.seed
    }
    if (this.#seed === undefined) throw new Error('recovery_disguise holds no seed')
    return this.#seed
  }
}
