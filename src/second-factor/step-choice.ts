import type { Account } from '../accounts/account-store.js'
import type { SecondStepMethod, StepStanding } from './second-step-method.js'

export type Choice = {
  /** The main one first; none where the password is enough. */ methods: SecondStepMethod[]
  /** Whether a browser that is trusted is spared them. */ sparesTrusted: boolean
}

/** Which of the methods that this service has are for an account: those its owner chose, or else what everybody has to show. */
export class StepChoice {
  readonly #main: readonly SecondStepMethod[]
  readonly #spare: readonly SecondStepMethod[]

  /** @param methods in the order of `stepNames` */
  constructor(methods: readonly SecondStepMethod[]) {
    this.#main = methods.filter(({ isSpare }) => !isSpare)
    this.#spare = methods.filter(({ isSpare }) => isSpare)
  }

  /** @throws DatabaseUnavailable */
  async find(account: Account): Promise<Choice> {
    const main = await askAll(this.#main, account)
    const chosen = pick(main, 'chosen')
    // Most accounts have chosen nothing, and every sign-in asks.
    if (chosen.length > 0) {
      const spare = [...main, ...(await askAll(this.#spare, account))]
      return { methods: [...chosen, ...pick(spare, 'spare')], sparesTrusted: true }
    }
    const incomplete = pick(main, 'incomplete')
    return { methods: [...pick(main, 'demanded'), ...incomplete], sparesTrusted: incomplete.length === 0 }
  }
}

type Standing = { method: SecondStepMethod; standing: StepStanding }

function askAll(methods: readonly SecondStepMethod[], account: Account): Promise<Standing[]> {
  return Promise.all(methods.map(async (method) => ({ method, standing: await method.standingOf(account) })))
}

function pick(standings: readonly Standing[], wanted: StepStanding): SecondStepMethod[] {
  return standings.flatMap(({ method, standing }) => (standing === wanted ? [method] : []))
}
