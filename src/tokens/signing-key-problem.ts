/** The signing keys cannot be used with these settings; the message tells the operator why and what to do. */
export class SigningKeyProblem extends Error {
  override readonly name = 'SigningKeyProblem'
}
