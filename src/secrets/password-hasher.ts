import { availableParallelism } from 'node:os'
import { areArgon2ParametersSane } from './are-argon2-parameters-sane.js'
import type { Argon2Parameters } from './argon2-parameters.js'
import { createDecoyHash } from './create-decoy-hash.js'
import type { HashingLog } from './hashing-log.js'
import { HashingQueue } from './hashing-queue.js'
import { isPasswordHashWeaker } from './is-password-hash-weaker.js'
import { parsePasswordHash } from './parse-password-hash.js'

type PasswordHasherOptions = Partial<Argon2Parameters> & {
  /** Hashes at the same time, each on a thread and with memory of its own. As many as there are processors. */
  concurrency?: number
  /** Jobs that may wait besides; more are turned away with HashingBusy. 128. */
  queueLimit?: number
  /** Milliseconds without any reply after which the hashing process is taken for dead. 30,000. */
  silenceLimitMs?: number
  logger: HashingLog
}

type HashingChoices = { signal?: AbortSignal }

/**
 * Hashes and verifies passwords with argon2id in a process of low priority, so that a storm of sign-ins leaves the
 * pages quick and the web process small. Knows no accounts and no rules for passwords.
 */
export class PasswordHasher {
  /** A hash no password matches, as costly to verify as a real one: for names nobody has. */
  readonly decoyHash: string
  readonly #parameters: Argon2Parameters
  readonly #queue: HashingQueue

  /**
   * Starts nothing yet. The default cost is the one OWASP recommends: 19,456 KiB, 2 iterations, 1 lane.
   *
   * @throws RangeError when a number is out of its range
   */
  constructor(options: PasswordHasherOptions) {
    const { memoryKiB = 19_456, iterations = 2, parallelism = 1 } = options
    const {
      concurrency = availableParallelism(),
      queueLimit = 128,
      silenceLimitMs = 30_000,
      logger,
    } = options
    this.#parameters = { memoryKiB, iterations, parallelism }
    if (!areArgon2ParametersSane(this.#parameters)) throw new RangeError('argon2 parameters are out of range')
    // libuv has at most 1024 threads, so a larger number would wait inside the process, unseen by the queue.
    if (!(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 1024))
      throw new RangeError('concurrency must be a whole number from 1 to 1024')
    if (!(Number.isInteger(queueLimit) && queueLimit >= 0))
      throw new RangeError('queueLimit must be a whole number from 0')
    this.#queue = new HashingQueue({ concurrency, queueLimit, silenceLimitMs, log: logger })
    this.decoyHash = createDecoyHash(this.#parameters)
  }

  /** Starts the hashing process in the background, so that the first sign-in need not wait for it. */
  start(): void {
    this.#queue.start()
  }

  /**
   * Refuses at once what `hash` and `verify` would refuse, before anything is done for it.
   *
   * @throws HashingBusy, HashingUnavailable
   */
  demandRoom(): void {
    this.#queue.demandRoom()
  }

  /**
   * Hashes a password with a new salt of 16 bytes.
   *
   * @param password hashed as UTF-8, exactly as typed: nothing is trimmed, cut or normalised
   * @param choices.signal when it aborts while the job waits, the job is dropped and its place is free; a job that
   *   already runs ends as usual
   * @returns a PHC string, 97 characters with the default parameters
   * @throws HashingBusy, HashingUnavailable, or the reason of `signal`
   */
  async hash(password: string, { signal }: HashingChoices = {}): Promise<string> {
    return String(await this.#queue.run({ kind: 'hash', password, parameters: this.#parameters }, signal))
  }

  /**
   * Tells whether a password is the one that was hashed, in time that depends only on the parameters in the hash.
   *
   * @param hash a PHC string from `hash`, or `decoyHash`
   * @param password compared exactly as typed
   * @param choices.signal as for `hash`
   * @throws MalformedPasswordHash, HashingBusy, HashingUnavailable, or the reason of `signal`
   */
  async verify(hash: string, password: string, { signal }: HashingChoices = {}): Promise<boolean> {
    parsePasswordHash(hash)
    return (await this.#queue.run({ kind: 'verify', hash, password }, signal)) === true
  }

  /**
   * Tells whether a hash should be replaced while its password is at hand, being weaker than the settings.
   * One that is at least as strong stays; `isPasswordHashWeaker` draws the line.
   *
   * @throws MalformedPasswordHash
   */
  needsRehash(hash: string): boolean {
    return isPasswordHashWeaker(hash, this.#parameters)
  }

  /** Finishes the jobs already accepted, refuses new ones with HashingUnavailable, and ends the process. */
  async close(): Promise<void> {
    await this.#queue.close()
  }
}
