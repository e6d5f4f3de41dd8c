/** The issuer of all ID tokens of a Firebase project. */
export function firebaseIssuer(projectId: string): string {
  return `https://securetoken.google.com/${projectId}`
}
