const groupName = /^[a-z0-9][a-z0-9._-]{0,63}$/i

/** What access rules say of people who need no group. */
const reserved = new Set(['signed-in', 'nobody'])

/**
 * Says whether a group may be called so: Latin letters, digits, dots, hyphens and underscores, which pass through a
 * header, a list with commas and a rule as they are. Capitals count, as they do for most apps that hear of groups.
 */
export function isGroupName(text: string): boolean {
  return groupName.test(text) && !reserved.has(text.toLowerCase())
}
