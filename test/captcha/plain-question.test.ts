import t from 'tap'
import { createPlainQuestion } from '../../src/captcha/plain-question.js'
import { rightAnswer } from './solve.js'

t.test('every question can be read, and is answered rightly', async (t) => {
  const texts = new Set<string>()
  for (let count = 0; count < 300; count++) {
    const { text, answers } = createPlainQuestion()
    texts.add(text)
    t.ok(answers.includes(rightAnswer(text)), text)
    t.notOk(answers.includes(''), text)
  }
  t.ok(texts.size > 100, 'and there are many')
})
