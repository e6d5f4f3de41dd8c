import { solveChallenge, type Challenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'

const numbers =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )
const places = ['first', 'second', 'third', 'fourth', 'fifth']

const unescape = (html: string) =>
  html.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')

/** The challenge that a page sets. */
export function challengeOf(html: string): Challenge {
  const [, text] = /data-challenge="([^"]*)"/.exec(html) ?? []
  if (text === undefined) throw new Error('no challenge in this page')
  return JSON.parse(unescape(text)) as Challenge
}

/** Does the work, as a browser does, and writes it down as the form sends it. */
export async function solve(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

/** The question of a page, and its right answer, as fields of the form. */
export function answerTo(html: string): { captchaToken: string; captchaAnswer: string } {
  const [, captchaToken = ''] = /name="captchaToken" value="([^"]*)"/.exec(html) ?? []
  const [, text = ''] = /<label for="captchaAnswer">([^<]*)</.exec(html) ?? []
  return { captchaToken, captchaAnswer: rightAnswer(text) }
}

/** Reads a question as a person does. */
export function rightAnswer(question: string): string {
  const [, one = '', other = ''] = /^What is (\w+) plus (\w+)\?$/.exec(question) ?? []
  if (one !== '') return String(numbers.indexOf(one) + numbers.indexOf(other))
  const [, place = '', words = ''] = /^Which is the (\w+) of these words: ([\w ,]+)\?$/.exec(question) ?? []
  const word = words.split(', ')[places.indexOf(place)]
  if (word === undefined) throw new Error(`nobody knows: ${question}`)
  return word
}
