/**
 * The field of a JSON body that repeats a new password. A program has compared the two fields of its form by itself, so
 * it may leave the second one out; where it sends that, it counts.
 *
 * @param passwordField where the password is
 */
export function confirmationField(body: unknown, passwordField: string): string {
  const isSent = typeof body === 'object' && body !== null && Object.hasOwn(body, 'confirmPassword')
  return isSent ? 'confirmPassword' : passwordField
}
