/** The port cannot be had; the message tells the operator why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/** Puts Node's errors of `listen` into the operator's words; gives back any other error as it is. */
export function explainListenError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  if (
    !(
      error instanceof Error &&
      'syscall' in error &&
      ['listen', 'getaddrinfo'].includes(String(error.syscall)) &&
      'code' in error
    )
  )
    return error
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `Port ${port} is taken, perhaps by another Latchkey. Stop what has it, or choose another port: PORT=${port + 1} npm start`,
      )
    case 'EACCES':
      return new ListenError(
        `Port ${port} may not be opened by this user. Choose one above 1023: PORT=3000 npm start`,
      )
    default:
      return new ListenError(
        `Nothing can listen on ${host}, port ${port} (${String(error.code)}). Check HOST and PORT.`,
      )
  }
}
