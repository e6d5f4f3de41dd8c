import type { Test } from 'tap'
import { pino } from 'pino'
import { createApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import { createTestDatabase, type TestDatabase } from '../database/test-database.js'
import { TestBrowser } from './test-browser.js'

export type TestService = TestDatabase & {
  origin: string
  /** A browser that has not been here before. */
  browser: () => TestBrowser
  /** Moves the service's clock; nobody sleeps. */
  passSeconds: (seconds: number) => void
  /** Everything logged so far, a JSON object each. */
  logged: () => Record<string, unknown>[]
  /** The paths of all routes. */
  paths: () => string[]
}

/**
 * Settings that keep stories quick and to the point: the cheapest hashing that is allowed, any free port, and no captcha
 * in those about something else.
 */
const quickSettings = {
  PASSWORD_HASH_MEMORY_KIB: '7168',
  PASSWORD_HASH_ITERATIONS: '1',
  PORT: '0',
  CAPTCHA: 'off',
}

/**
 * Starts the whole service and stops it when the test ends.
 *
 * @param shared another service, or its database, to be a second node beside it; one of its own otherwise
 */
export async function startTestService(
  t: Test,
  settings: Record<string, string> = {},
  shared?: TestDatabase,
): Promise<TestService> {
  const { connection, database } = shared ?? (await createTestDatabase(t))
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line) => lines.push(line) })
  let offsetMs = 0
  const app = await createApp({
    config: readConfig({ ...quickSettings, ...settings }),
    database,
    logger,
    isReady: async () => true,
    now: () => new Date(Date.now() + offsetMs),
  })
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  return {
    origin,
    connection,
    database,
    browser: () => new TestBrowser(origin),
    passSeconds: (seconds) => {
      offsetMs += seconds * 1000
    },
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    paths: () => readPaths(app.printRoutes({ commonPrefix: false })),
  }
}

/** Takes apart the tree that Fastify prints, in which each step is indented below the one it goes on from. */
function readPaths(tree: string): string[] {
  const steps: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', step = '', methods] = /^(.*)── (\S+)( \(.*)?$/.exec(line) ?? []
    steps.splice(Math.floor(indent.length / 4), steps.length, step)
    return methods === undefined ? [] : [steps.join('')]
  })
}
