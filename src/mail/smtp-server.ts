/** A mail server that takes letters. */
export type SmtpServer = {
  host: string
  port: number
  /** TLS from the first byte; by STARTTLS or not at all; or by STARTTLS if the server offers it. */
  encryption: 'fromTheStart' | 'required' | 'whenOffered'
  login: { user: string; password: string } | null
}
