/** Says what a new password has to be like. */
export function wordPasswordHint(minimumLength: number): string {
  return `At least ${minimumLength} characters of any kind. A few words in a row are easy to remember and hard to guess.`
}
