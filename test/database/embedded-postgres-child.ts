// Opens the embedded Postgres in a process of its own, for the tests: prints the connection, closes when told to.
import { once } from 'node:events'
import { openEmbeddedPostgres } from '../../src/database/embedded-postgres.js'

const [folder = ''] = process.argv.slice(2)
try {
  const { connection, close } = await openEmbeddedPostgres(folder)
  process.stdout.write(`${JSON.stringify(connection)}\n`)
  await once(process.stdin, 'data')
  await close()
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`)
}
process.exit()
