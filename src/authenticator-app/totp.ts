import { createHmac, timingSafeEqual } from 'node:crypto'

export const stepSeconds = 30
export const codeDigits = 6

/** Which step of 30 seconds it is: RFC 6238, section 4.2, from the Unix epoch on. */
export function stepAt(now: Date): number {
  return Math.floor(now.getTime() / (stepSeconds * 1000))
}

/**
 * The code that an app shows in a step: TOTP (RFC 6238) by HMAC-SHA-1, cut as RFC 4226, section 5.3 says. No app knows all
 * of the other hashes, and the collisions of SHA-1 do not concern an HMAC.
 *
 * @param digits from 6 to 8
 */
export function totpCode(secret: Uint8Array, step: number, digits = codeDigits): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = mac.readUInt8(mac.length - 1) & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff
  return (number % 10 ** digits).toString().padStart(digits, '0')
}

/**
 * The step of which this is the code: that of now, or the one before or after it, for clocks that differ and people who type
 * slowly (RFC 6238, section 5.2). All are compared, each in constant time.
 *
 * @param code six digits
 * @returns the latest such step; null when there is none
 */
export function findStep(secret: Uint8Array, code: string, now: Date): number | null {
  const current = stepAt(now)
  const typed = Buffer.from(code)
  const found = [current - 1, current, current + 1].filter((step) => {
    const right = Buffer.from(totpCode(secret, step))
    return right.length === typed.length && timingSafeEqual(right, typed)
  })
  return found.at(-1) ?? null
}
