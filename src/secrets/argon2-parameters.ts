/** What one argon2id hash costs: memory in KiB, passes over it, and lanes (RFC 9106: m, t and p). */
export type Argon2Parameters = { memoryKiB: number; iterations: number; parallelism: number }
