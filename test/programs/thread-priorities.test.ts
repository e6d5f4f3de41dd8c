import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { createTestDatabase } from '../database/test-database.js'
import { until } from '../database/until.js'
import { runService } from '../flows/running-service.js'
import { databaseUrl } from '../operator/run-command.js'

const v8Helpers = 4

/** How nice each thread of a process is, by its number: proc_pid_stat(5), field 19. */
function nicenessByThread(pid: number): Map<number, number> {
  return new Map(
    readdirSync(`/proc/${pid}/task`).map((thread) => {
      const afterName = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ').at(-1) ?? ''
      return [Number(thread), Number(afterName.split(' ')[16])]
    }),
  )
}

t.test(
  'requests go before V8’s helpers, and both before hashing',
  { skip: process.platform === 'linux' ? false : 'only Linux has a priority per thread' },
  async (t) => {
    const { connection } = await createTestDatabase(t)
    const { child, output } = await runService(t, { DATABASE_URL: databaseUrl(connection) })
    const pid = child.pid ?? 0
    const own = nicenessByThread(pid)
    t.equal(own.get(pid), 0, 'the main thread')
    t.ok([...own.values()].filter((niceness) => niceness === 10).length >= v8Helpers, 'V8’s helpers')

    const words = /"hashingProcessId":(\d+),"msg":"password hashing is ready"/
    await until(() => words.test(output()))
    const hashing = nicenessByThread(Number(words.exec(output())?.[1]))
    t.strictSame([...new Set(hashing.values())], [15], 'every thread of the hashing process')
  },
)
