/** Something that the operator can mend; the message is a sentence for the terminal. */
export class OperatorProblem extends Error {
  override readonly name = 'OperatorProblem'
  /** 1 when it could not be done, 2 when it was not understood, 130 when Ctrl+C stopped it. */
  readonly exitCode: 1 | 2 | 130

  constructor(message: string, exitCode: 1 | 2 | 130 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
