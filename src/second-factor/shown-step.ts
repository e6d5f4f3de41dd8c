import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FailureCount } from '../sign-in/failure-count.js'
import type { Notice } from '../sign-in/notice.js'
import type { SignInRefusal } from '../sign-in/sign-in-gate.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { StepName } from './second-step-method.js'
import type { OnTheWayIn } from './step-entrance.js'
import type { StepRefusalKind } from './step-refusal.js'

/** What comes of something that was shown. `isGuess`: it was compared, and so may have been a guess. */
export type Redeemed<Refusal> = { kind: 'right' } | { kind: 'refused'; refusal: Refusal; isGuess: boolean }

/** Why it let nobody in, and, when it was counted, which failure in a row it was. */
export type RefusedStep<Refusal> = { refusal: Refusal | SignInRefusal; count: FailureCount | null }

/** A socket: what is shown after the password plugs in here, and has both faces then. */
export type ShownStep<Refusal extends { kind: StepRefusalKind }, Shown> = {
  readonly name: StepName
  /** Finds it in a form or a JSON body; what is missing is found to be so by `judge`. */
  read: (req: FastifyRequest) => Shown
  /** Why this cannot be what was asked for; null when it can. What cannot is no try. */
  judge: (shown: Shown) => Refusal | null
  /** Compares, and uses up what counts once, in one statement: of parallel tries one is right. */
  redeem: (pending: PendingSignIn, shown: Shown, visitor: Visitor) => Promise<Redeemed<Refusal>>
  word: (refused: RefusedStep<Refusal>) => Notice<'code'>
}

/** A step whose code is typed in. */
export type TypedStep<Refusal extends { kind: StepRefusalKind } = { kind: StepRefusalKind }> = ShownStep<
  Refusal,
  string
>

/** The page of such a step. */
export type ShownStepPage<Entered extends OnTheWayIn = OnTheWayIn> = {
  /** @returns null when they may not go there, which is answered then */
  enter: (req: FastifyRequest, reply: FastifyReply) => Promise<Entered | null>
  /** @param notice why it was not taken; null for the page as it stands */
  build: (onTheWay: Entered, notice: Notice<'code'> | null, isTrustWanted: boolean) => Promise<string>
}
