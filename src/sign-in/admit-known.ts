import type { Account } from '../accounts/account-store.js'
import type { FirstFactor } from './first-factor.js'
import type { SecondStep } from './second-step.js'
import type { SignInGate } from './sign-in-gate.js'
import type { Visitor } from './visitor.js'

/** Somebody who may go on, or has the second step before them. */
export type KnownPerson =
  | { kind: 'success'; account: Account; firstFactor: FirstFactor; deviceToken: string }
  | { kind: 'secondStepDue'; account: Account; firstFactor: FirstFactor }

export type AdmitKnownParts = {
  secondStep: Pick<SecondStep, 'isDue'>
  signInGate: Pick<SignInGate, 'remember'>
}

/**
 * Goes on with somebody who has shown without guessing who they are: by registering, by a passkey, or by another service.
 * So so locks and counts do not stand in the way; the second step does.
 *
 * @throws DatabaseUnavailable
 */
export async function admitKnown(
  account: Account,
  firstFactor: FirstFactor,
  visitor: Visitor,
  { secondStep, signInGate }: AdmitKnownParts,
): Promise<KnownPerson> {
  if (await secondStep.isDue(account, visitor)) return { kind: 'secondStepDue', account, firstFactor }
  const deviceToken = await signInGate.remember(account, visitor.deviceToken)
  return { kind: 'success', account, firstFactor, deviceToken }
}
