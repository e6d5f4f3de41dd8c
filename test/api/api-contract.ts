import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { projectFolder } from '../../src/project-folder.js'

export type ApiRequest = { method: string; path: string; body?: unknown }
export type ApiAnswer = { status: number; headers: Headers; text: string }

type Reference = { $ref: string }
type Content = Record<string, { schema: object; example?: unknown }>
type Header = { required?: boolean; schema: object }
type Answer = { description: string; headers?: Record<string, Header | Reference>; content?: Content }
type Operation = {
  operationId: string
  requestBody?: { content: Content }
  responses: Record<string, Answer | Reference>
  /** Methods that are answered in the same way, beside HEAD. */
  'x-other-methods'?: string[]
  /** A GET that changes something, so that there is no HEAD. */
  'x-without-head'?: true
}
type Document = {
  info: { version: string }
  paths: Record<string, Partial<Record<'get' | 'post', Operation>>>
}

const documentId = 'https://latchkey.example/api/openapi.json'
/** An answer that has one of these without being documented to is as wrong as one that lacks it. */
const tellingHeaders = ['set-cookie', 'retry-after', 'location', 'www-authenticate']

/** The OpenAPI document, to hold answers against: it knows what was promised, and what of it has been seen. */
export class ApiContract {
  readonly document: Document
  readonly #ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: {
      'date-time': (text: string) => new Date(text).toISOString() === text,
      uri: (text: string) => URL.canParse(text),
      uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
      password: true,
    },
  })
  readonly #validators = new Map<string, ValidateFunction>()
  readonly #seen = new Set<string>()

  constructor() {
    const text = readFileSync(join(projectFolder, 'views/api/openapi.json'), 'utf8')
    this.document = JSON.parse(text) as Document
    this.#ajv.addSchema({ $id: documentId, ...this.document })
  }

  /** Every documented operation, such as `POST /api/login`, with the statuses it may answer. */
  operations(): { name: string; path: string; methods: string[]; statuses: number[] }[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => {
        const main = method.toUpperCase()
        const hasHead = main === 'GET' && operation['x-without-head'] !== true
        return {
          name: `${main} ${path}`,
          path,
          methods: [main, ...(hasHead ? ['HEAD'] : []), ...(operation['x-other-methods'] ?? [])],
          statuses: Object.keys(operation.responses).map(Number),
        }
      }),
    )
  }

  /** Notes that the answer was seen, and tells in what it is not as documented; an empty list when it is. */
  judge(request: ApiRequest, answer: ApiAnswer): string[] {
    const path = request.path.replace(/\?.*/, '')
    const found = this.#find(request.method, path)
    if (found === null) return this.#judgeUndocumented(path, answer)
    const { pointer, method, operation } = found
    const name = `${method.toUpperCase()} ${path} ${answer.status}`
    this.#seen.add(name)
    const documented = operation.responses[answer.status]
    if (documented === undefined) return [`${name} is not documented: ${answer.text}`]
    const here = this.#follow(documented, `${pointer}/responses/${answer.status}`)
    return [
      ...(answer.status < 300 ? this.#judgeRequest(request, operation, pointer) : []),
      ...this.#judgeHeaders(here.value, here.pointer, answer.headers),
      ...(request.method === 'HEAD' ? [] : this.#judgeBody(here.value, here.pointer, answer)),
    ].map((fault) => `${name}: ${fault}`)
  }

  /** Documented answers of these operations that were never seen, such as `POST /api/login 503`. */
  unseen(...paths: string[]): string[] {
    return this.operations()
      .filter(({ path }) => paths.includes(path))
      .flatMap(({ name, statuses }) => statuses.map((status) => `${name} ${status}`))
      .filter((name) => !this.#seen.has(name))
  }

  /** What is wrong with the examples in the document itself. */
  judgeExamples(): string[] {
    return this.operations().flatMap(({ path, name, methods: [main = ''] }) => {
      const found = this.#find(main, path)
      const content = found?.operation.requestBody?.content ?? {}
      return Object.entries(content).flatMap(([type, { example }]) =>
        example === undefined
          ? []
          : this.#validate(`${found?.pointer}/requestBody/content/${escape(type)}/schema`, example).map(
              (fault) => `${name}: ${fault}`,
            ),
      )
    })
  }

  #find(method: string, path: string) {
    const item = this.document.paths[path] ?? {}
    for (const [main, operation] of Object.entries(item)) {
      const methods = [main.toUpperCase(), ...(operation['x-other-methods'] ?? [])]
      const isHeadOfGet = method === 'HEAD' && main === 'get'
      if (isHeadOfGet || methods.includes(method))
        return { method: main, operation, pointer: `/paths/${escape(path)}/${main}` }
    }
    return null
  }

  /** Of what no operation is documented, only the refusal is expected that the document's introduction tells of. */
  #judgeUndocumented(path: string, answer: ApiAnswer): string[] {
    const item = this.document.paths[path]
    const expected = item === undefined ? [404, 403] : [405, 403]
    if (!expected.includes(answer.status)) return [`${path} ${answer.status} is not documented`]
    return this.#validate('/components/schemas/Refusal', JSON.parse(answer.text))
  }

  #judgeRequest({ body }: ApiRequest, operation: Operation, pointer: string): string[] {
    const isDocumented = operation.requestBody?.content['application/json'] !== undefined
    if (body === undefined) return []
    if (!isDocumented) return ['no body is documented, yet one was sent']
    const schema = `${pointer}/requestBody/content/${escape('application/json')}/schema`
    return this.#validate(schema, body).map((fault) => `the request was taken, but ${fault}`)
  }

  #judgeHeaders(answer: Answer, pointer: string, headers: Headers): string[] {
    const documented = Object.entries(answer.headers ?? {})
    const names = documented.map(([name]) => name.toLowerCase())
    const surprises = tellingHeaders.filter((name) => headers.has(name) && !names.includes(name))
    const faults = documented.flatMap(([name, given]) => {
      const header = this.#follow(given, `${pointer}/headers/${escape(name)}`)
      const values = name.toLowerCase() === 'set-cookie' ? headers.getSetCookie() : [headers.get(name)]
      const present = values.filter((value) => value !== null)
      if (present.length === 0) return header.value.required === true ? [`there is no header ${name}`] : []
      return present.flatMap((value) => {
        const isNumber = /"type":"integer"/.test(JSON.stringify(header.value.schema))
        return this.#validate(`${header.pointer}/schema`, isNumber ? Number(value) : value)
      })
    })
    return [...surprises.map((name) => `the header ${name} is not documented`), ...faults]
  }

  #judgeBody(answer: Answer, pointer: string, { headers, text }: ApiAnswer): string[] {
    if (answer.content === undefined) return text === '' ? [] : ['there is a body, but none is documented']
    const type = (headers.get('content-type') ?? '').replace(/;.*/, '')
    if (answer.content[type] === undefined) return [`the content type ${type} is not documented`]
    const body: unknown = type === 'application/json' ? JSON.parse(text) : text
    return this.#validate(`${pointer}/content/${escape(type)}/schema`, body)
  }

  #follow<Thing extends object>(
    thing: Thing | Reference,
    pointer: string,
  ): { value: Thing; pointer: string } {
    if (!('$ref' in thing)) return { value: thing, pointer }
    const target = thing.$ref.slice(1)
    const steps = target.split('/').slice(1).map(unescape)
    const value = steps.reduce<unknown>(
      (node, step) => (node as Record<string, unknown>)[step],
      this.document,
    )
    if (value === undefined) throw new Error(`${thing.$ref} leads nowhere`)
    return this.#follow(value as Thing | Reference, target)
  }

  #validate(pointer: string, value: unknown): string[] {
    const validator = this.#validators.get(pointer) ?? this.#ajv.compile({ $ref: `${documentId}#${pointer}` })
    this.#validators.set(pointer, validator)
    if (validator(value)) return []
    return (validator.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath || 'it'} ${message ?? ''} ${JSON.stringify(params)}, being ${JSON.stringify(value)}`,
    )
  }
}

function escape(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}

function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
