// Made when it is first needed: with it a web process that shows no dates held 9 MB more.
let format: Intl.DateTimeFormat | undefined

/** Says when something was or will be, such as "12 March 2026 at 14:05 UTC"; pages know nobody's time zone. */
export function wordDate(date: Date): string {
  format ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return `${format.format(date)} UTC`
}
