import type { QuestionsProblem } from './questions-req.js'

/** Says what is wrong with a chosen question or its answer, and what to do. */
export function wordQuestionsProblem({ field, refusal }: QuestionsProblem): string {
  const what = field.startsWith('question') ? 'question' : 'answer'
  switch (refusal.kind) {
    case 'missing':
      return what === 'question' ? 'Choose a question.' : 'Enter your answer.'
    case 'chosenTwice':
      return 'You have chosen this one already. Choose another.'
    case 'repeated':
      return `The form held more than one ${what} here. Give it once.`
    case 'unreadable':
      return `This ${what} holds a character that cannot be read. Type it again.`
    case 'tooShort':
      return `An answer has at least ${refusal.minimum} letters or digits.`
    case 'tooLong':
      return `An answer has at most ${refusal.maximum} characters.`
    case 'sameAsAnother':
      return 'This is the answer to another question, too. Each needs one of its own.'
    case 'inQuestion':
      return 'This answer stands in the question itself. Choose another.'
  }
}
