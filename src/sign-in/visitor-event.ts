import type { FirstFactorKind, SecurityEvent, SecurityEventKind } from '../security-events/security-event.js'
import type { Visitor } from './visitor.js'

/**
 * What a visitor did to an account, or tried to.
 *
 * @param firstFactor by what the sign-in began that it is of
 */
export function visitorEvent(
  accountId: string,
  kind: SecurityEventKind,
  { clientAddress, userAgent }: Pick<Visitor, 'clientAddress' | 'userAgent'>,
  at: Date,
  firstFactor?: FirstFactorKind,
): SecurityEvent {
  const event = { accountId, kind, at, clientAddress, userAgent }
  return firstFactor === undefined ? event : { ...event, firstFactor }
}
