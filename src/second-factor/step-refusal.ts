import type { FastifyRequest } from 'fastify'
import type { SignInRefusal } from '../sign-in/sign-in-gate.js'
import { describeAccount } from '../sign-in/sign-in-log.js'
import type { PendingSignIn } from './pending-sign-in.js'

/** The HTTP status of each reason for which a second step lets nobody in. */
export const stepStatuses = {
  /** It cannot be what was asked for, so no try was counted. */ unreadable: 400,
  wrong: 401,
  expired: 401,
  /** Right, and accepted before. */ used: 401,
  /** Another account has confirmed the address meanwhile. */ emailUnavailable: 409,
  /** No authenticator can have said this. */ unreadableAssertion: 400,
  /** Browsers have no passkeys at this address. */ notHere: 404,
  /** What was signed was not issued for this sign-in, too long ago, or answered before. */
  challengeOver: 401,
  /** This account has no such passkey. */ unknownCredential: 401,
  /** It was signed for another site, by nobody, or wrongly. */ assertionRefused: 401,
  /** Its count has not gone up. */ credentialCopied: 401,
  locked: 403,
  coolingDown: 429,
  addressCoolingDown: 429,
} as const satisfies Record<SignInRefusal['kind'], number> & Record<string, number>

/** Where the word of the page says too little without its page. */
const errorNames: { [kind in StepRefusalKind]?: string } = {
  wrong: 'incorrectCode',
  expired: 'codeExpired',
  used: 'codeUsed',
}

export type StepRefusalKind = keyof typeof stepStatuses

/** How a program is told. */
export function stepErrorName(kind: StepRefusalKind): string {
  return errorNames[kind] ?? kind
}

/** Writes down why somebody was not let in; never what was typed. */
export function logStep(req: FastifyRequest, { account }: PendingSignIn, kind: StepRefusalKind): void {
  req.log.info(describeAccount(req, account), `second step: ${kind}`)
}
