/** Where password hashing tells the operator about its process, never about a person. Any pino logger fits. */
export type HashingLog = {
  info: (details: object, text: string) => void
  warn: (details: object, text: string) => void
}
