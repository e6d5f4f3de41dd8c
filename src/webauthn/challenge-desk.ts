import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { InstallationSecret } from '../secrets/installation-secret.js'
import type { UsedOnceStore } from '../used-once/used-once-store.js'

/** What a challenge is for, and who has it answered: what was issued to one browser, session or sign-in is nothing to another. */
export type ChallengeHolder = { purpose: 'create' | 'get' | 'step' | 'prove'; holder: string }

export type OpenChallenge = { challenge: string; expiresAt: Date }

export type ChallengeDeskParts = {
  installationSecret: InstallationSecret
  usedOnceStore: UsedOnceStore
  loadVerifier: () => Promise<unknown>
  now: () => Date
}

const nonceBytes = 16
const timeBytes = 6
const signatureBytes = 32
/** Of a challenge and of the time that a browser gives its owner. */
export const challengeSeconds = 600

/**
 * Issues challenges (Web Authentication, section 13.4.3) and takes each back once. Nothing is kept of one until it was
 * answered well, so nobody can fill the database by asking: it carries its time, and a signature that only this service makes.
 */
export class ChallengeDesk {
  readonly #parts: ChallengeDeskParts

  constructor(parts: ChallengeDeskParts) {
    this.#parts = parts
  }

  /**
   * @param isOffered whether people need not answer: then hardly anybody does, and nothing is made ready for it
   * @returns a challenge of 54 bytes in base64url, 16 of them random
   * @throws DatabaseUnavailable
   */
  async issue(holder: ChallengeHolder, isOffered = false): Promise<string> {
    // Who is asked answers soon, and others would wait with them.
    if (!isOffered) void this.#parts.loadVerifier().catch(() => undefined)
    const time = Buffer.alloc(timeBytes)
    time.writeUIntBE(this.#parts.now().getTime() + challengeSeconds * 1000, 0, timeBytes)
    const content = Buffer.concat([randomBytes(nonceBytes), time])
    return Buffer.concat([content, await this.#sign(content, holder)]).toString('base64url')
  }

  /** @returns null when it is not one of this holder, or too old @throws DatabaseUnavailable */
  async find(challenge: string, holder: ChallengeHolder): Promise<OpenChallenge | null> {
    const bytes = Buffer.from(challenge, 'base64url')
    if (bytes.length !== nonceBytes + timeBytes + signatureBytes) return null
    const content = bytes.subarray(0, nonceBytes + timeBytes)
    if (!timingSafeEqual(bytes.subarray(-signatureBytes), await this.#sign(content, holder))) return null
    const expiresAt = new Date(content.readUIntBE(nonceBytes, timeBytes))
    // Of the ways to write the same bytes one was issued, or it could be answered once in each.
    return expiresAt > this.#parts.now() ? { challenge: bytes.toString('base64url'), expiresAt } : null
  }

  /** Uses one up whose answer was right. @returns false when it was before @throws DatabaseUnavailable */
  async take({ challenge, expiresAt }: OpenChallenge): Promise<boolean> {
    return this.#parts.usedOnceStore.use('webauthn challenge', challenge, expiresAt)
  }

  async #sign(content: Buffer, { purpose, holder }: ChallengeHolder): Promise<Buffer> {
    const key = await this.#parts.installationSecret.deriveKey('webauthn challenge')
    return createHmac('sha256', key).update(`${purpose} ${holder} `).update(content).digest()
  }
}
