/** The field of every page that asks for a mailed code. */
export const emailCodeField = {
  label: 'Code from the mail',
  hint: 'Eight digits.',
  autocomplete: 'one-time-code',
  inputmode: 'numeric',
}

/** Comes after the sentence that a code is on its way. */
export const emailCodeArrival = 'It may take a minute, or be among the spam.'
