import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const cipher = 'aes-256-gcm'
const version = Buffer.of(1)
const nonceBytes = 12
const tagBytes = 16

/**
 * Seals texts and other bytes so that only who holds a token can read them: AES-256-GCM (NIST SP 800-38D) under a key
 * that HKDF-SHA-256 (RFC 5869) derives from the token for one purpose. Neither token nor key can be told from what is
 * sealed, nor from the SHA-256 of the token that the database keeps.
 *
 * A box holds a version byte (1), a random nonce of 12 bytes, the ciphertext and a tag of 16 bytes. One token may seal
 * 2^32 boxes for a purpose (SP 800-38D, section 8.3).
 */
export class SealedBox {
  readonly #key: Buffer

  /**
   * @param token 256 random bits, as `createRandomToken` makes them
   * @param purpose what is sealed, such as "recovery passkey": boxes of another purpose do not open
   * @throws RangeError when the token is no 256 bits
   */
  constructor(token: string, purpose: string) {
    const secret = Buffer.from(token, 'base64url')
    if (secret.length !== 32) throw new RangeError('a box is sealed with 256 bits')
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', `latchkey ${purpose}`, 32))
  }

  /** @param context where the box belongs, such as an id; it is not in the box, and the box opens nowhere else */
  seal(content: Uint8Array, context: string): Buffer {
    const nonce = randomBytes(nonceBytes)
    const encryption = createCipheriv(cipher, this.#key, nonce, { authTagLength: tagBytes })
    encryption.setAAD(withVersion(context))
    const body = [encryption.update(content), encryption.final()]
    return Buffer.concat([version, nonce, ...body, encryption.getAuthTag()])
  }

  /** What is in the box; null when it was sealed with another token, purpose or context, or has been tampered with. */
  open(box: Uint8Array, context: string): Buffer | null {
    if (box.length < version.length + nonceBytes + tagBytes || box[0] !== version[0]) return null
    const nonce = box.subarray(version.length, version.length + nonceBytes)
    const decryption = createDecipheriv(cipher, this.#key, nonce, { authTagLength: tagBytes })
    decryption.setAAD(withVersion(context))
    decryption.setAuthTag(box.subarray(-tagBytes))
    const content = decryption.update(box.subarray(version.length + nonceBytes, -tagBytes))
    try {
      return Buffer.concat([content, decryption.final()])
    } catch {
      // Only now is it known whether anything of it is true.
      return null
    }
  }
}

function withVersion(context: string): Buffer {
  return Buffer.concat([version, Buffer.from(context)])
}
