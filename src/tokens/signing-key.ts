import type { JWK } from 'jose'

/** A key as the database keeps it. */
export type SigningKey = {
  /** Its JWK thumbprint (RFC 7638), by which tokens name it. */
  kid: string
  /** What the world may know of it. */
  publicJwk: JWK
  /** Its private JWK as JSON, sealed or not. */
  privateJwk: Buffer
  isSealed: boolean
  createdAt: Date
  /** Before that it is published only, so that whoever keeps keys has it in time. */
  signsFrom: Date
}
