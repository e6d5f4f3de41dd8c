const symbols = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The base32 of RFC 4648, section 6, without padding, as authenticator apps take secrets. */
export function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const fives = bits.match(/.{1,5}/g) ?? []
  return fives.map((five) => symbols[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}
