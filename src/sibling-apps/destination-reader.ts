import type { FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { ownOrigin } from '../http/own-origin.js'
import type { RedirectPolicy, RedirectRefusal } from './redirect-policy.js'

/** Where the browser goes afterwards, as it asked and as it will be sent. */
export type Destination =
  | {
      kind: 'allowed'
      /** As asked for; empty when it did not ask. */ address: string
      /** As it is sent. */ url: string
    }
  | { kind: 'refused'; refusal: RedirectRefusal }

/** `rd` is what Authelia's guides for nginx say, `redirect_uri` what OAuth clients say. */
const names = ['redirectUrl', 'rd', 'redirect_uri'] as const

/** Finds the address that a form or a query asks to be sent to, under any of its names, and has it judged. */
export class DestinationReader {
  readonly #policy: RedirectPolicy
  readonly #publicOrigin: string | null

  constructor(policy: RedirectPolicy, publicOrigin: string | null) {
    this.#policy = policy
    this.#publicOrigin = publicOrigin
  }

  /**
   * @param fallbackPath a path of Latchkey for a browser that asks for nothing
   * @throws HttpProblem 400 when the request names no usable host
   */
  read(request: FastifyRequest, fallbackPath = '/dashboard'): Destination {
    for (const source of [request.body, request.query]) {
      for (const name of names) {
        const field = readFormField(source, name)
        if (field.kind === 'missing') continue
        if (field.kind !== 'text') {
          return { kind: 'refused', refusal: { address: '', reason: 'notAnAddress', origin: null } }
        }
        return this.judge(request, field.text)
      }
    }
    return this.judge(request, '', fallbackPath)
  }

  /**
   * Judges an address that was asked for before, and kept meanwhile.
   *
   * @param address empty when none was
   * @throws HttpProblem 400 when the request names no usable host
   */
  judge(request: FastifyRequest, address: string, fallbackPath = '/dashboard'): Destination {
    const own = ownOrigin(request, this.#publicOrigin)
    if (address === '') return { kind: 'allowed', address, url: fallbackPath }
    const decision = this.#policy.decide(address, own)
    return decision.kind === 'allowed' ? { ...decision, address } : decision
  }
}
