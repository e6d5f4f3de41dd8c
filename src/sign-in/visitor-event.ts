import type { SecurityEvent, SecurityEventKind } from '../security-events/security-event.js'
import type { Visitor } from './visitor.js'

/** What a visitor did to an account, or tried to. */
export function visitorEvent(
  accountId: string,
  kind: SecurityEventKind,
  { clientAddress, userAgent }: Pick<Visitor, 'clientAddress' | 'userAgent'>,
  at: Date,
): SecurityEvent {
  return { accountId, kind, at, clientAddress, userAgent }
}
