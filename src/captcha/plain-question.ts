import { randomInt } from 'node:crypto'

/** A question in plain words; each of the answers is right. */
export type PlainQuestion = { text: string; answers: readonly string[] }

const numbers =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )
const places = ['first', 'second', 'third', 'fourth', 'fifth']
const things =
  'apple basket candle donkey engine forest garden hammer island jacket kettle ladder meadow needle orange pencil rabbit saddle tunnel window'.split(
    ' ',
  )

/** Makes a question that people answer at a glance, and simple programs do not expect. */
export function createPlainQuestion(): PlainQuestion {
  return randomInt(2) === 0 ? askSum() : askWord()
}

function askSum(): PlainQuestion {
  const [one, other] = [randomInt(2, 11), randomInt(2, 11)]
  const sum = one + other
  return {
    text: `What is ${numbers[one]} plus ${numbers[other]}?`,
    answers: [String(sum), numbers[sum] ?? ''],
  }
}

function askWord(): PlainQuestion {
  const words = new Set<string>()
  while (words.size < places.length) words.add(things[randomInt(things.length)] ?? '')
  const place = randomInt(places.length)
  const text = `Which is the ${places[place]} of these words: ${[...words].join(', ')}?`
  return { text, answers: [[...words][place] ?? ''] }
}
