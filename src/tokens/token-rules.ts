/** How long tokens and the keys that sign them last. */
export type TokenRules = {
  accessSeconds: number
  refreshSeconds: number
  /** So long a refresh token that was used works once more, for tabs that used it at the same time. */
  graceSeconds: number
  /** After so many days another key signs. */
  keyRotationDays: number
  /** 256 bits in base64url by which private keys are sealed; null to keep them as they are. */
  keySecret: string | null
}
