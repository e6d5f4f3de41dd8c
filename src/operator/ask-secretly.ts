import { StringDecoder } from 'node:string_decoder'
import type { ReadStream } from 'node:tty'
import { OperatorProblem } from './operator-problem.js'

const keys = { interrupt: '\u0003', end: '\u0004', clear: '\u0015', delete: '\u007f', backspace: '\b' }

/**
 * Reads a line from a terminal that shows nothing of it. Backspace and Ctrl+U work as they do in a shell.
 *
 * @throws OperatorProblem 130 at Ctrl+C or the end of the input
 */
export async function askSecretly(input: ReadStream): Promise<string> {
  const decoder = new StringDecoder('utf8')
  let typed: string[] = []
  input.setRawMode(true)
  try {
    const chunks: AsyncIterable<Buffer> = input.iterator({ destroyOnReturn: false })
    for await (const chunk of chunks) {
      for (const character of decoder.write(chunk)) {
        if (character === '\r' || character === '\n') return typed.join('')
        if (character === keys.interrupt || character === keys.end) stop()
        if (character === keys.clear) typed = []
        else if (character === keys.delete || character === keys.backspace) typed.pop()
        else typed.push(character)
      }
    }
    return stop()
  } finally {
    input.setRawMode(false)
    input.pause()
  }
}

function stop(): never {
  throw new OperatorProblem('Stopped. Nothing was changed.', 130)
}
