// Made when it is first needed: with it a web process that shows no dates held 9 MB more.
let format: Intl.DateTimeFormat | undefined

/** Says on which day something was, such as "12 March 2026", in UTC; pages know nobody's time zone. */
export function wordDay(date: Date): string {
  format ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
  return format.format(date)
}
