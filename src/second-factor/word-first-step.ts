/**
 * What comes before the second step, for the pages on which it is turned on.
 *
 * @param hasPassword false for whom another service signs in, who has set none
 * @returns the beginning of a sentence, and one that says what the second step is good for
 */
export function wordFirstStep(hasPassword: boolean): { after: string; gain: string } {
  return hasPassword
    ? {
        after: 'After your password',
        gain: 'Whoever finds out your password alone then cannot sign in.',
      }
    : {
        after: 'After another service has signed you in,',
        gain: 'Whoever gets into your account there alone then cannot sign in here.',
      }
}
