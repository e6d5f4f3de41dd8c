import type { Argon2Parameters } from './argon2-parameters.js'

const MOST_MEMORY_KIB = 2 * 1024 * 1024
const MOST_ITERATIONS = 64
const MOST_LANES = 64

/**
 * Tells whether argon2 accepts these parameters and one hash still ends in reasonable time and memory.
 *
 * @returns true for 1 to 64 iterations, 1 to 64 lanes, and from 8 KiB per lane (RFC 9106, 3.1) to 2 GiB of memory
 */
export function areArgon2ParametersSane({ memoryKiB, iterations, parallelism }: Argon2Parameters): boolean {
  return (
    isWholeWithin(parallelism, 1, MOST_LANES) &&
    isWholeWithin(iterations, 1, MOST_ITERATIONS) &&
    isWholeWithin(memoryKiB, 8 * parallelism, MOST_MEMORY_KIB)
  )
}

function isWholeWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
