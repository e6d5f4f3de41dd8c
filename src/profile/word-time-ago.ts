const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** Says how long ago something was, rounded down, such as "5 minutes ago"; "just now" within the last minute. */
export function wordTimeAgo(then: Date, now: Date): string {
  const seconds = (now.getTime() - then.getTime()) / 1000
  if (seconds < minute) return 'just now'
  if (seconds < hour) return count(seconds / minute, 'minute')
  if (seconds < day) return count(seconds / hour, 'hour')
  return count(seconds / day, 'day')
}

function count(exact: number, unit: string): string {
  const number = Math.floor(exact)
  return `${number} ${unit}${number === 1 ? '' : 's'} ago`
}
