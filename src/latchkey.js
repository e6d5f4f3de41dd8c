#!/usr/bin/env node
// The command `latchkey` as npm and the image find it: there before anything is built, so that it can say what is missing.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const built = new URL('../dist/bin/cli.js', import.meta.url)

if (!existsSync(fileURLToPath(built))) {
  process.stderr.write(
    `latchkey: Latchkey is not built yet. Run "npm run build" in ${project}, then try again.\n`,
  )
  process.exitCode = 1
} else {
  await import(built.href)
}
