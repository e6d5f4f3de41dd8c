/** Says in how many browsers somebody is signed in, the one they look at among them. */
export function wordSessionCount(count: number): string {
  return count <= 1 ? 'In this browser only.' : `In ${count} browsers, this one included.`
}
