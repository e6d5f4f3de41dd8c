import type { Test } from 'tap'
import { TestBrowser } from '../flows/test-browser.js'
import type { ApiContract } from './api-contract.js'

export type ApiReply = {
  status: number
  headers: Headers
  /** The body; an empty object when it is none of JSON. */
  json: Record<string, unknown>
}

/** A program that uses the API and keeps cookies. Every answer it gets is held against the document. */
export class ApiClient {
  readonly #t: Test
  readonly #contract: ApiContract
  readonly #browser: TestBrowser

  constructor(t: Test, contract: ApiContract, origin: string) {
    this.#t = t
    this.#contract = contract
    this.#browser = new TestBrowser(origin)
  }

  get cookies(): Map<string, string> {
    return this.#browser.cookies
  }

  get(path: string, headers: Record<string, string> = {}): Promise<ApiReply> {
    return this.send('GET', path, { headers })
  }

  /** @param body sent as JSON */
  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<ApiReply> {
    return this.send('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  }

  /** Sends just this. */
  async send(
    method: string,
    path: string,
    init: { body?: string | Buffer<ArrayBuffer>; headers?: Record<string, string> } = {},
  ): Promise<ApiReply> {
    const accept = { accept: 'application/json', ...init.headers }
    const {
      status,
      headers,
      body: text,
    } = await this.#browser.send(path, { method, ...init, headers: accept })
    const body = init.body === undefined ? {} : { body: parseIfJson(init.body.toString()) }
    const faults = this.#contract.judge({ method, path, ...body }, { status, headers, text })
    this.#t.strictSame(faults, [], `${method} ${path} ${status} is as documented`)
    return { status, headers, json: (parseIfJson(text) ?? {}) as Record<string, unknown> }
  }
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
