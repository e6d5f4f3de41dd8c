const field = { label: 'Code from the mail', autocomplete: 'one-time-code', inputmode: 'numeric' }

/** The field of pages that ask for a mailed code, and that of the page at sign-in. */
export const emailCodeField = { ...field, hint: 'Eight digits.' }
export const signInCodeField = { ...field, hint: 'Six digits.' }

/** Comes after the sentence that a code is on its way. */
export const emailCodeArrival = 'It may take a minute, or be among the spam.'
