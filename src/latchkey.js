#!/usr/bin/env node
// The command `latchkey` as npm and the image find it: there before anything is built, so that it can say what is missing.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const built = new URL('../dist/bin/cli.js', import.meta.url)

/** @param {string} what */
function complain(what) {
  process.stderr.write(`latchkey: ${what}\n`)
  process.exitCode = 1
}

if (!existsSync(fileURLToPath(built))) {
  complain(`Latchkey is not built yet. Run "npm run build" in ${project}, then try again.`)
} else {
  import(built.href).catch((error) => {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error
    complain(`A package that Latchkey needs is not installed. Run "npm ci" in ${project}, then try again.`)
  })
}
