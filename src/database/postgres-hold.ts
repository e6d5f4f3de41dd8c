import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
} from 'node:fs'
import { rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const { O_NONBLOCK, O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY } = constants

/** The name, in the data folder, of the pipe that counts who uses the embedded Postgres. */
export const holdersPipe = 'latchkey.holders'

/** The file by which the supervisor tells that it has heard of a new holder, named by a token. */
export const joinedFile = 'latchkey.joined.'

const roundMs = 5
const repeatRounds = 20
const answerRounds = 1_000

/**
 * One process's hold on the embedded Postgres: an open end of a named pipe whose other end the supervisor reads. The
 * kernel counts the open ends, so a hold ends with its process, however that dies. Knows nothing of Postgres.
 */
export class PostgresHold {
  readonly #data: string
  readonly #fd: number
  #isReleased = false

  private constructor(data: string, fd: number) {
    this.#data = data
    this.#fd = fd
  }

  /**
   * Joins those who already hold.
   * @returns `nobody` if there is none, `abandoned` if there was and its supervisor is dead, so that another may be
   *   claimed in its place
   */
  static async join(data: string): Promise<PostgresHold | 'nobody' | 'abandoned'> {
    const path = join(data, holdersPipe)
    const fd = tryOpen(path, O_WRONLY)
    if (fd === null) return clearAway(path) ? 'abandoned' : 'nobody'
    const hold = new PostgresHold(data, fd)
    const token = randomBytes(8).toString('hex')
    const answer = join(data, `${joinedFile}${token}`)
    try {
      for (let round = 0; round < answerRounds && hold.isWatched(); round++) {
        // A supervisor that has seen the last holder leave answers no more: without its answer we might hold nothing.
        // Repeated, since a leaving holder that looks for others may swallow it.
        if (round % repeatRounds === 0) writeSync(fd, `${token}\n`)
        if (existsSync(answer)) {
          rmSync(answer, { force: true })
          return hold
        }
        await pause(roundMs)
      }
    } catch (error) {
      if (!isCode(error, 'EPIPE', 'EAGAIN')) throw error
    }
    hold.release()
    return 'nobody'
  }

  /**
   * Becomes the first holder.
   * @returns the hold and the reading end for the supervisor, to be closed here once that has it; null if another
   *   process was quicker
   */
  static claim(data: string): { hold: PostgresHold; readingEnd: number } | null {
    const name = join(data, `${holdersPipe}.${randomBytes(6).toString('hex')}`)
    execFileSync('mkfifo', ['-m', '600', name])
    // Opened both ways first, since either way alone would wait for the other.
    const both = openSync(name, O_RDWR | O_NONBLOCK)
    const ends = { reading: openSync(name, O_RDONLY), writing: openSync(name, O_WRONLY) }
    closeSync(both)
    try {
      // A link appears at once and never over another: whoever sees the pipe finds a reader at it.
      linkSync(name, join(data, holdersPipe))
      return { hold: new PostgresHold(data, ends.writing), readingEnd: ends.reading }
    } catch (error) {
      closeSync(ends.reading)
      closeSync(ends.writing)
      if (!isCode(error, 'EEXIST')) throw error
      return null
    } finally {
      rmSync(name, { force: true })
    }
  }

  /** Says whether a supervisor still listens to this hold. */
  isWatched(): boolean {
    if (!this.#isCurrent()) return false
    const fd = tryOpen(join(this.#data, holdersPipe), O_WRONLY)
    if (fd === null) return false
    closeSync(fd)
    return true
  }

  /**
   * Lets go. Idempotent.
   * @returns who is left: `others` hold on, `nobody` does, or nobody does and there is no supervisor to notice
   */
  release(): 'others' | 'nobody' | 'nobody, unnoticed' {
    if (this.#isReleased) return 'nobody'
    this.#isReleased = true
    const wasCurrent = this.#isCurrent()
    const wasWatched = this.isWatched()
    closeSync(this.#fd)
    // Another process has replaced a dead supervisor: what runs now is not counted by this pipe.
    if (!wasCurrent) return 'others'
    if (hasWriters(join(this.#data, holdersPipe))) return 'others'
    return wasWatched ? 'nobody' : 'nobody, unnoticed'
  }

  // Whether the pipe of that name is still the one held here.
  #isCurrent(): boolean {
    const there = statSync(join(this.#data, holdersPipe), { throwIfNoEntry: false })
    return there !== undefined && there.ino === fstatSync(this.#fd).ino
  }
}

// Removes a pipe that nobody reads; says whether there was one.
function clearAway(path: string): boolean {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(path, aside)
    // Between the two looks a new pipe may have taken its place: that one goes back.
    const living = tryOpen(aside, O_WRONLY)
    if (living !== null) {
      closeSync(living)
      linkSync(aside, path)
    }
    rmSync(aside, { force: true })
    return living === null
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'EEXIST')) throw error
    return false
  }
}

function hasWriters(path: string): boolean {
  const fd = tryOpen(path, O_RDONLY)
  if (fd === null) return false
  try {
    return readSync(fd, Buffer.alloc(1)) > 0
  } catch (error) {
    return isCode(error, 'EAGAIN')
  } finally {
    closeSync(fd)
  }
}

function tryOpen(path: string, flags: number): number | null {
  try {
    const fd = openSync(path, flags | O_NONBLOCK | O_NOFOLLOW)
    if (fstatSync(fd).isFIFO()) return fd
    closeSync(fd)
    return null
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENXIO', 'ELOOP')) return null
    throw error
  }
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
