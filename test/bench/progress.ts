/** Says on standard error what is being done, over what was said before at a terminal. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K  ${text} …`)
  else process.stderr.write(`${text}\n`)
}

/** Leaves the terminal as if nothing had been said. */
export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}
