import t from 'tap'
import { joinAnswers } from '../../src/security-questions/join-answers.js'
import { judgeAnswers } from '../../src/security-questions/judge-answers.js'
import { normaliseAnswer } from '../../src/security-questions/normalise-answer.js'
import { parseQuestionsReq } from '../../src/security-questions/parse-questions-req.js'
import { questionKeys, securityQuestions } from '../../src/security-questions/security-questions.js'
import { wordQuestionsProblem } from '../../src/security-questions/word-questions-problem.js'

t.test('an answer is the same however it is typed', async (t) => {
  const same: [typed: string, again: string][] = [
    ["St. John's Wood", '  st johns   WOOD '],
    ['Spätzle', 'SPATZLE'],
    ['Straße', 'STRASSE'],
    ['Ａｄａ　１', 'ada1'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσεύς'],
    ['İstanbul', 'ıstanbul'],
    ['Ёлка', 'елка'],
    ['ﬁnch', 'Finch'],
    ['Zoë\u0301', 'zoe'],
    ['서울', '서울'.normalize('NFD')],
  ]
  for (const [typed, again] of same)
    t.equal(normaliseAnswer(typed), normaliseAnswer(again), `${typed} ${again}`)
  t.not(normaliseAnswer('कि'), normaliseAnswer('क'), 'vowel signs are part of the word')
  t.equal(normaliseAnswer('. - \u200b'), '')
  for (const [typed] of same) t.equal(normaliseAnswer(normaliseAnswer(typed)), normaliseAnswer(typed))
})

t.test('all answers together are one text, which no others come to', async (t) => {
  t.equal(joinAnswers(['A b', 'C', 'd']), joinAnswers(['ab', 'c', 'D!']))
  t.not(joinAnswers(['ab', 'c', 'd']), joinAnswers(['a', 'bc', 'd']))
  t.not(joinAnswers(['a\nb', 'c', 'd']), joinAnswers(['a', 'b\nc', 'd']))
  t.not(joinAnswers(['a', 'b', 'c']), joinAnswers(['b', 'a', 'c']))
})

t.test('what is too easy to guess is no answer', async (t) => {
  const judge = (...typed: string[]) =>
    judgeAnswers(typed.map((answer) => ({ question: securityQuestions.firstFilm, answer }))).map(
      (refusal) => refusal?.kind ?? null,
    )
  const cases: [typed: string, refusal: string | null][] = [
    ['', 'missing'],
    ['  ', 'missing'],
    ['ab', 'tooShort'],
    ['a - b', 'tooShort'],
    ['abc', null],
    ['京', 'tooShort'],
    ['北京', null],
    ['서울', null],
    ['x'.repeat(100), null],
    ['x'.repeat(101), 'tooLong'],
    ['Cinema', 'inQuestion'],
  ]
  for (const [typed, refusal] of cases) t.strictSame(judge(typed), [refusal], typed)
  t.strictSame(judge('Brazil', 'Alien', 'BRAZIL!'), [null, null, 'sameAsAnother'])
})

t.test('the form is read as three different questions with an answer each', async (t) => {
  const right = {
    question1: 'firstFilm',
    answer1: 'Brazil',
    question2: 'firstDish',
    answer2: 'Soup',
    question3: 'lostThing',
    answer3: 'A kite',
  }
  t.match(parseQuestionsReq(right), {
    kind: 'valid',
    questions: ['firstFilm', 'firstDish', 'lostThing'],
    answers: ['Brazil', 'Soup', 'A kite'],
  })
  const cases: [change: Record<string, unknown>, field: string, words: string][] = [
    [{ question2: '' }, 'question2', 'Choose a question.'],
    [{ question2: 'firstFilm' }, 'question2', 'chosen this one already'],
    [{ question2: 'constructor' }, 'question2', 'Choose a question.'],
    [{ question2: ['firstDish', 'firstBoss'] }, 'question2', 'more than one question'],
    [{ question3: '\ufffd' }, 'question3', 'cannot be read'],
    [{ answer1: undefined }, 'answer1', 'more than one answer'],
    [{ answer1: '' }, 'answer1', 'Enter your answer.'],
    [{ answer1: 'a' }, 'answer1', 'at least 3'],
    [{ answer1: 'x'.repeat(101) }, 'answer1', 'at most 100'],
    [{ answer1: 'A\0A' }, 'answer1', 'cannot be read'],
    [{ answer2: 'brazil' }, 'answer2', 'another question'],
    [{ answer2: 'Dish' }, 'answer2', 'in the question itself'],
  ]
  for (const [change, field, words] of cases) {
    const req = parseQuestionsReq({ ...right, ...change })
    const problems = req.kind === 'invalid' ? req.problems : []
    t.strictSame(
      problems.map((problem) => problem.field),
      [field],
    )
    t.match(problems.map(wordQuestionsProblem)[0], words)
  }
  for (const body of [undefined, 'text', [], {}]) t.equal(parseQuestionsReq(body).kind, 'invalid')
})

t.test('there are questions enough to choose from, none twice', async (t) => {
  t.ok(questionKeys.length >= 10)
  t.equal(new Set(Object.values(securityQuestions)).size, questionKeys.length)
})
