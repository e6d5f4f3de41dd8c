import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { DeviceCookie } from '../http/device-cookie.js'
import type { SessionCookie } from '../http/session-cookie.js'
import type { FirstFactor } from './first-factor.js'
import type { SignInDetour } from './sign-in-detour.js'
import { describeAccount } from './sign-in-log.js'
import type { ReadyTokens, TokenHandOver } from './token-hand-over.js'
import type { SessionToken, UserAuthenticator } from './user-authenticator.js'
import type { Visitor } from './visitor.js'

/** Somebody who has shown all that signing in asks for. */
export type ProvedPerson = {
  /** As it was when its password was checked. */
  account: Account
  firstFactor: FirstFactor
  /** What makes this browser a known one from now on. */
  deviceToken: string
}

export type StartedSession = SessionToken & ProvedPerson

export type SessionStarterParts = {
  userAuthenticator: UserAuthenticator
  sessionCookie: SessionCookie
  deviceCookie: DeviceCookie
  tokenHandOver: Pick<TokenHandOver, 'erase'>
  /** Null where nothing ever comes first. */
  signInDetour: SignInDetour | null
  now: () => Date
}

/** What every way of signing in ends with, on both faces: a session, its cookies, and where the browser goes. */
export class SessionStarter {
  readonly #parts: SessionStarterParts

  constructor(parts: SessionStarterParts) {
    this.#parts = parts
  }

  /**
   * Starts a session; the one of the token that this browser held until now ends.
   *
   * @param deed for the log
   * @returns null when the password was changed, or the account removed, since the password was checked
   * @throws DatabaseUnavailable
   */
  async start(
    req: FastifyRequest,
    person: ProvedPerson,
    visitor: Visitor,
    deed: 'signed in' | 'registered' = 'signed in',
  ): Promise<StartedSession | null> {
    const { userAuthenticator, sessionCookie } = this.#parts
    const { account, firstFactor } = person
    const token = await userAuthenticator.createSessionToken(
      account,
      firstFactor.kind,
      visitor,
      sessionCookie.read(req),
    )
    if (token === null) return null
    req.log.info({ ...describeAccount(req, account), firstFactor: firstFactor.kind }, deed)
    return { ...token, ...person }
  }

  /**
   * Gives the browser its cookies: the last step, after all that may still fail.
   *
   * @param tokens of this session; without any, those of the session before are erased, which may be somebody else's
   */
  handOver(
    reply: FastifyReply,
    { token, expiresAt, deviceToken }: StartedSession,
    tokens: ReadyTokens | null = null,
  ): void {
    const { sessionCookie, deviceCookie, tokenHandOver, now } = this.#parts
    sessionCookie.write(reply, token, expiresAt, now())
    deviceCookie.write(reply, deviceToken)
    if (tokens === null) tokenHandOver.erase(reply)
    else tokens.write(reply)
  }

  /**
   * Where the browser goes now: to what comes first for this account, or to where it was going.
   *
   * @param redirectAddr where it goes otherwise
   * @param redirectUrl the same, as it was asked for
   */
  async findWay(account: Account, redirectAddr: string, redirectUrl: string): Promise<string> {
    return (await this.#parts.signInDetour?.(account, redirectUrl)) ?? redirectAddr
  }
}
