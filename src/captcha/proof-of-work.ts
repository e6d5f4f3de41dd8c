import { randomInt } from 'node:crypto'
import type { Challenge, Payload } from 'altcha-lib'
import type { InstallationSecret } from '../secrets/installation-secret.js'
import type { GuardedForm } from '../sign-in/human-check.js'
import type { UsedOnceStore } from '../used-once/used-once-store.js'
import { oncePurpose, validitySeconds } from './captcha-settings.js'

const algorithm = 'PBKDF2/SHA-256'
/** Rounds of one key; many cheap keys rather than few dear ones, so that browsers can tell how far they are. */
const roundsPerKey = 5000
/** In characters; real ones have about 1,000. */
const longestPayload = 4096

export type ProofOfWorkParts = {
  installationSecret: InstallationSecret
  usedOnceStore: UsedOnceStore
  difficulty: number
  now: () => Date
}

/**
 * Sets browsers a task that takes them a second and costs whoever guesses thousands of passwords thousands of seconds:
 * ALTCHA, proof of work version 2. Nothing is kept of a challenge until it is solved.
 */
export class ProofOfWork {
  readonly #parts: ProofOfWorkParts

  constructor(parts: ProofOfWorkParts) {
    this.#parts = parts
  }

  /** @throws DatabaseUnavailable */
  async create(form: GuardedForm): Promise<Challenge> {
    const { difficulty, now } = this.#parts
    const { createChallenge, deriveKey } = await loadAltcha()
    return createChallenge({
      algorithm,
      cost: roundsPerKey,
      // From 1 on: whoever knows where it begins need not search below.
      counter: randomInt(1, difficulty + 1),
      deriveKey,
      data: { form },
      expiresAt: new Date(now().getTime() + validitySeconds * 1000),
      ...(await this.#secrets()),
    })
  }

  /**
   * @param text what the browser has made of a challenge of this form: JSON in base64
   * @returns whether it is right, and was not tried before
   * @throws DatabaseUnavailable
   */
  async verify(text: string, form: GuardedForm): Promise<boolean> {
    const payload = parsePayload(text)
    if (payload === null) return false
    const { verifySolution, deriveKey } = await loadAltcha()
    const { challenge, solution } = payload
    const secrets = await this.#secrets()
    // Nothing else of it: the client could choose how it is verified.
    const { verified } = await verifySolution({ challenge, solution, deriveKey, ...secrets })
    // Only now is it known whether anything of it is true.
    if (!verified) return false
    const { signature = '', parameters } = challenge
    const expiresAt = new Date(Number(parameters.expiresAt) * 1000)
    if (parameters.data?.['form'] !== form || !(expiresAt > this.#parts.now())) return false
    return this.#parts.usedOnceStore.use(oncePurpose, signature, expiresAt)
  }

  async #secrets() {
    const derive = async (use: string) =>
      (await this.#parts.installationSecret.deriveKey(use)).toString('hex')
    return {
      hmacSignatureSecret: await derive('captcha challenge'),
      hmacKeySignatureSecret: await derive('captcha solution'),
    }
  }
}

/** Loaded when the first captcha is asked for: most of the time none is. */
async function loadAltcha() {
  const [{ createChallenge, verifySolution }, { deriveKey }] = await Promise.all([
    import('altcha-lib'),
    import('altcha-lib/algorithms/pbkdf2'),
  ])
  return { createChallenge, verifySolution, deriveKey }
}

/** @returns null for what is nothing of the kind; what it says is not checked yet */
function parsePayload(text: string): Payload | null {
  if (text.length > longestPayload) return null
  try {
    const payload: unknown = JSON.parse(Buffer.from(text, 'base64').toString())
    return isPayload(payload) ? payload : null
  } catch {
    return null
  }
}

function isPayload(value: unknown): value is Payload {
  if (!isObject(value) || !isObject(value['challenge']) || !isObject(value['solution'])) return false
  const { signature, parameters } = value['challenge']
  return typeof signature === 'string' && isObject(parameters)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
