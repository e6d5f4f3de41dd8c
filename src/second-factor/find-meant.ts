import type { FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { PendingSignIn } from './pending-sign-in.js'
import { stepPaths, type StepName } from './second-step-method.js'
import type { OnTheWayIn } from './step-entrance.js'
import { purposeOf, stepPlace } from './step-place.js'

/**
 * Lets somebody into a page of the second step.
 *
 * @param name what the page asks for
 * @returns null when another page is meant for them: the browser was sent (303) to the main one then
 */
export function findMeant(
  req: FastifyRequest,
  reply: FastifyReply,
  onTheWay: OnTheWayIn,
  name: StepName,
): OnTheWayIn | null {
  const { pending, redirectUrl } = onTheWay
  if (isMeant(req, pending, name)) return onTheWay
  const path = stepPlace(purposeOf(pending), stepPaths[pending.methods[0].name])
  reply.redirect(signInAddress(path, redirectUrl), 303)
  return null
}

/** Not so for a page of one that was begun before in this browser, as somebody else, or for what this account cannot show. */
function isMeant(req: FastifyRequest, { account, methods }: PendingSignIn, wanted: StepName): boolean {
  const field = readFormField(req.body, 'username')
  if (field.kind === 'text' && field.text !== account.username) return false
  return methods.some(({ name }) => name === wanted)
}
