import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { projectFolder } from '../../src/project-folder.js'
import { until } from '../database/until.js'
import { readmeBlock, replaceWords } from '../proxies/readme-block.js'

/** Runs the app of the README, which asks `issuer` for nothing but its keys. */
export async function runOfflineApp(t: Test, issuer: string, port: number) {
  const audience = `http://localhost:${port}`
  const source = replaceWords(readmeBlock('javascript'), {
    'http://localhost:3000': issuer,
    'http://localhost:4000': audience,
    'listen(4000)': `listen(${port}, '127.0.0.1')`,
  })
  // Inside the project, where its one package is found.
  const folder = join(projectFolder, 'data', 'test', `app-${process.pid}-${port}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'app.mjs'), source)
  const child = spawn(process.execPath, [join(folder, 'app.mjs')], { stdio: 'inherit' })
  t.teardown(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const address = `http://127.0.0.1:${port}/`
  await until(() =>
    fetch(address).then(
      () => true,
      () => false,
    ),
  )
  const ask = async (authorization: string) => {
    const answer = await fetch(address, { headers: { authorization } })
    return { status: answer.status, body: await answer.text() }
  }
  return { audience, ask }
}
