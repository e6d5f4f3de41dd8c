import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs'

const largestLog = 10 * 1024 * 1024

/** The log of the embedded Postgres, open for writing, and what has been written since it was opened. */
export type PostgresLog = { fd: number; lastLines: (count: number) => string; close: () => void }

/**
 * Opens the log file to append to it; one that has grown beyond 10 MB is emptied first.
 * @param file its path
 */
export function openPostgresLog(file: string): PostgresLog {
  const fd = openSync(file, 'a', 0o600)
  if (fstatSync(fd).size > largestLog) ftruncateSync(fd)
  const start = fstatSync(fd).size
  return {
    fd,
    lastLines: (count) =>
      readFileSync(file).subarray(start).toString().trim().split('\n').slice(-count).join('\n'),
    close: () => closeSync(fd),
  }
}
