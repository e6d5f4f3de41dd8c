/** A log that keeps what it is told. */
export class MailLog {
  readonly lines: { details: object; message: string }[] = []

  warn(details: object, message: string): void {
    this.lines.push({ details, message })
  }

  /** All of it as one text, to look for what must not be there. */
  get text(): string {
    return JSON.stringify(this.lines)
  }
}
