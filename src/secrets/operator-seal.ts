import { SealedBox } from './sealed-box.js'

export type Kept = { content: Buffer; isSealed: boolean }

/** Seals what the database keeps by a secret that the operator has set; without one it stays readable. */
export class OperatorSeal {
  readonly #box: SealedBox | null

  /**
   * @param secret 256 bits in base64url; null for none
   * @param purpose see `SealedBox`
   */
  constructor(secret: string | null, purpose: string) {
    this.#box = secret === null ? null : new SealedBox(secret, purpose)
  }

  get seals(): boolean {
    return this.#box !== null
  }

  /** @param context where it belongs, such as an id; see `SealedBox` */
  seal(content: Uint8Array, context: string): Kept {
    return this.#box === null
      ? { content: Buffer.from(content), isSealed: false }
      : { content: this.#box.seal(content, context), isSealed: true }
  }

  /** Null when it was sealed by another secret, or for another purpose or context. */
  open({ content, isSealed }: Kept, context: string): Buffer | null {
    return isSealed ? (this.#box?.open(content, context) ?? null) : content
  }
}
