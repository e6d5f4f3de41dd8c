import type { Account } from '../accounts/account-store.js'
import type { SecondStepMethod } from './second-step-method.js'

export type Choice = {
  /** The main one first; none where the password is enough. */ methods: SecondStepMethod[]
  /** Whether a browser that is trusted is spared them. */ sparesTrusted: boolean
}

/** Which of the methods that this service has are for an account: those its owner chose, or else what everybody has to show. */
export class StepChoice {
  readonly #methods: readonly SecondStepMethod[]

  /** @param methods in the order of `stepNames` */
  constructor(methods: readonly SecondStepMethod[]) {
    this.#methods = methods
  }

  /** @throws DatabaseUnavailable */
  async find(account: Account): Promise<Choice> {
    const found = await Promise.all(
      this.#methods.map(async (method) => ({ method, standing: await method.standingOf(account) })),
    )
    const those = (...standings: string[]) =>
      found.flatMap(({ method, standing }) => (standings.includes(standing) ? [method] : []))
    if (those('chosen').length > 0) return { methods: those('chosen', 'spare'), sparesTrusted: true }
    return {
      methods: those('demanded', 'incomplete'),
      sparesTrusted: those('incomplete').length === 0,
    }
  }
}
