import type { FastifyReply, FastifyRequest } from 'fastify'

/** Tokens that are ready for an answer. */
export type ReadyTokens = {
  /** What the body tells of them. */
  fields: Readonly<Record<string, unknown>>
  /** Puts their cookies into the answer. */
  write: (reply: FastifyReply) => void
}

/** A socket: what a program gets beside the session's cookie. Tokens for apps that ask nobody plug in here. */
export type TokenHandOver = {
  /** Before anything is done: answers 400 when the body asks for what there is not, and fails when no token can be made. */
  check: (req: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
  /**
   * The first tokens of a session that has just begun; null when it has ended already.
   *
   * @param req one that `check` let through
   * @throws DatabaseUnavailable
   */
  begin: (req: FastifyRequest, sessionToken: string) => Promise<ReadyTokens | null>
  /** Takes the cookies back, at signing out and where another session begins without tokens. */
  erase: (reply: FastifyReply) => void
}
