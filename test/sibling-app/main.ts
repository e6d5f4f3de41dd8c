import { startSiblingApp } from './sibling-app.js'

const latchkeyOrigin = process.env['LATCHKEY_URL'] ?? 'http://localhost:3000'
const port = Number(process.env['PORT'] ?? 4000)

const { origin } = await startSiblingApp({ port, latchkeyOrigin: () => latchkeyOrigin }).catch(explain)
process.stdout.write(`
  The sibling app is ready.

  Open      ${origin}
  It signs people in at ${latchkeyOrigin}, which must be started with
  ALLOWED_REDIRECT_ORIGINS=${origin}

`)

function explain(error: NodeJS.ErrnoException): never {
  if (error.code !== 'EADDRINUSE') throw error
  process.stderr.write(
    `\nPort ${port} is taken by another program. Choose another one: PORT=${port + 1} npm run sibling-app\n\n`,
  )
  process.exit(1)
}
