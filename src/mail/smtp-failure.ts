/** What is known of a letter that was not sent, fit for the log: nothing of what it says. */
export type SmtpFailure = {
  /** As nodemailer names it, such as `ETIMEDOUT`. */
  code: string | null
  /** What the server was asked last, such as `RCPT TO`. */
  command: string | null
  /** The server's answer (RFC 5321, section 4.2), from 400. */
  responseCode: number | null
  reason: string
}

/** Reads what nodemailer threw. */
export function readSmtpFailure(error: unknown): SmtpFailure {
  const read = (key: string) => (error instanceof Error ? (Reflect.get(error, key) as unknown) : undefined)
  const [code, command, responseCode] = [read('code'), read('command'), read('responseCode')]
  return {
    code: typeof code === 'string' ? code : null,
    command: typeof command === 'string' ? command : null,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    reason: error instanceof Error ? error.message : String(error),
  }
}

/** Whether it was for good, and for this letter: not a wrong login or sender, which the operator can mend. */
export function isRefusal({ code, command, responseCode }: SmtpFailure): boolean {
  if (responseCode === null) return code === 'EENVELOPE'
  return responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')
}
