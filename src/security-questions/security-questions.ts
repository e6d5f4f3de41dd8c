/**
 * The questions that people choose from, by the keys under which they are stored: about things that stay true, that one
 * remembers, and that no register or profile page tells. A key is never given another meaning.
 */
export const securityQuestions = {
  firstFilm: 'Which film was the first you saw in a cinema?',
  firstDish: 'Which dish did you first learn to cook?',
  firstConcert: 'Whose concert was the first you went to?',
  firstRecord: 'Which song or album was the first you bought yourself?',
  firstSwim: 'In which lake, river or pool did you learn to swim?',
  firstBoss: 'What was the family name of your first boss?',
  childhoodBook: 'Which book did you love most as a child?',
  childhoodToy: 'What was your favourite toy called when you were small?',
  childhoodFriend: 'What was the full name of your best friend when you were ten?',
  childhoodNeighbour: 'What was the family name of a neighbour when you were a child?',
  favouriteTeacher: 'What was the family name of the teacher you liked best?',
  lostThing: 'Which thing that you have lost do you still miss?',
} as const

export type QuestionKey = keyof typeof securityQuestions

/** How many are chosen, and asked. */
export const questionCount = 3

export const questionKeys = Object.keys(securityQuestions).filter(isQuestionKey)

export function isQuestionKey(text: string): text is QuestionKey {
  return Object.hasOwn(securityQuestions, text)
}
