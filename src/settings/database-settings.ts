import { resolve } from 'node:path'
import type { Environment } from './environment.js'

/** Reads where everything is kept; complaints go to `environment`. */
export function readDatabaseSettings(environment: Environment) {
  return {
    url: readDatabaseUrl(environment),
    folder: resolve(environment.text('DATA_FOLDER') ?? 'data'),
    poolSize: environment.integer('DATABASE_POOL_SIZE', { fallback: 10, min: 1, max: 1000 }),
  }
}

function readDatabaseUrl(environment: Environment): string | null {
  const text = environment.text('DATABASE_URL')
  if (text === null || (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text.replace('@/', '@localhost/'))))
    return text
  environment.report(
    'DATABASE_URL must look like postgres://user:password@host:5432/database, with special characters in its password ' +
      'percent-encoded (its value is not shown).',
  )
  return null
}
