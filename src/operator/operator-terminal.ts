import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'
import { askSecretly } from './ask-secretly.js'
import { OperatorProblem } from './operator-problem.js'

const longestSecretBytes = 16_384
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'>

/** Where the operator sits. What is said goes to standard output, questions and complaints to standard error. */
export class OperatorTerminal {
  readonly #streams: Streams

  constructor(streams: Streams) {
    this.#streams = streams
  }

  /** Whether signs beyond ASCII may be used. */
  get isUnicode(): boolean {
    const { LC_ALL, LC_CTYPE, LANG } = this.#streams.env
    return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
  }

  /** Whether somebody is there to answer. */
  get canAsk(): boolean {
    return this.#streams.stdin.isTTY && this.#streams.stderr.isTTY
  }

  /** Writes text that ends in a line break. What a terminal would take for a command is made harmless. */
  say(text: string): void {
    this.#streams.stdout.write(this.#printable(text))
  }

  sayJson(value: unknown): void {
    // JSON leaves C1 controls and marks that turn the direction of text as they are; terminals obey them.
    const text = JSON.stringify(value, null, 2).replace(unprintable, escapeForJson)
    this.#streams.stdout.write(`${text}\n`)
  }

  complain(text: string): void {
    this.#streams.stderr.write(this.#printable(text))
  }

  /** The word in a colour, where colours are wanted; put into a line by `sayStyled`. */
  style(colour: 'green' | 'yellow' | 'red' | 'bold', word: string): string {
    const { stdout, env } = this.#streams
    return stdout.isTTY && !env['NO_COLOR'] ? styleText(colour, word, { validateStream: false }) : word
  }

  /** As `say`, with `start` as it is, which may hold styled words of our own. */
  sayStyled(start: string, text: string): void {
    this.#streams.stdout.write(start + this.#printable(text))
  }

  async ask(question: string): Promise<string> {
    const lines = createInterface({ input: this.#streams.stdin, output: this.#streams.stderr })
    const leaving = new AbortController()
    lines.once('SIGINT', () => leaving.abort()).once('close', () => leaving.abort())
    try {
      return await lines.question(question, { signal: leaving.signal })
    } catch {
      throw new OperatorProblem('Stopped. Nothing was changed.', 130)
    } finally {
      lines.close()
    }
  }

  /** Asks for something that is not shown while it is typed. */
  async askSecretly(question: string): Promise<string> {
    this.#streams.stderr.write(question)
    try {
      return await askSecretly(this.#streams.stdin)
    } finally {
      this.#streams.stderr.write('\n')
    }
  }

  /** Reads the one line that standard input holds; its line break is no part of it. */
  async readSecretLine(): Promise<string> {
    const chunks: Buffer[] = []
    const input: AsyncIterable<Buffer> = this.#streams.stdin
    for await (const chunk of input) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    if (bytes.length > longestSecretBytes)
      throw new OperatorProblem('Standard input is too long for a password.')
    const text = new TextDecoder().decode(bytes).replace(/\r?\n$/, '')
    if (text === '') throw new OperatorProblem('There is no password on standard input.')
    if (/[\r\n]/.test(text)) {
      throw new OperatorProblem('Standard input holds more than one line. Give the password alone.')
    }
    return text
  }

  #printable(text: string): string {
    const plain = text.replaceAll(unprintable, '?')
    if (this.isUnicode) return plain
    return plain.replaceAll('…', '...').replaceAll('→', '->').replaceAll('✓', '+').replaceAll('✗', 'x')
  }
}

/** A character of the basic plane as JSON may write it (RFC 8259, section 7), in ASCII. */
function escapeForJson(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
