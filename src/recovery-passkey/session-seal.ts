import { SealedBox } from '../secrets/sealed-box.js'
import type { SignedIn } from '../sign-in/door.js'

const purpose = 'recovery passkey'

/** Seals a passkey so that it opens for its account in this session alone, and only until that gets a new token. */
export function sealForSession(passkey: string, { token, session }: SignedIn): Buffer {
  return new SealedBox(token, purpose).seal(Buffer.from(passkey), session.accountId)
}

/** The passkey that `sealForSession` has sealed; null when it was for another session, account or token. */
export function unsealForSession(sealed: Buffer, { token, session }: SignedIn): string | null {
  return new SealedBox(token, purpose).open(sealed, session.accountId)?.toString() ?? null
}
