/**
 * Says how long something takes, roughly and never too short, such as "15 minutes".
 *
 * @param seconds from 1
 */
export function wordDuration(seconds: number): string {
  if (seconds < 60) return count(seconds, 'second')
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? count(minutes, 'minute') : count(Math.ceil(minutes / 60), 'hour')
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}
