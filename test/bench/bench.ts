import { setTimeout as pause } from 'node:timers/promises'
import { registerAccounts } from './accounts.js'
import { openBenchDatabase } from './bench-database.js'
import { cleanUp, cleanUpOnSignals, isEnding } from './cleanup.js'
import type { Figure } from './figure.js'
import { measureGate } from './gate-speed.js'
import { measureHashingSpeed } from './hashing-speed.js'
import { residentMegabytes } from './memory.js'
import { measurePageSpeed } from './page-speed.js'
import { takePlaces } from './placement.js'
import { clearProgress, showProgress } from './progress.js'
import { reportPage } from './report-page.js'
import { getRequest } from './requests.js'
import { measureStartTime } from './start-time.js'
import { measureStormEffects } from './storm-effects.js'
import { WebProcess } from './web-process.js'

const settlingMs = 2000

/** Measures everything in one run, one thing after the other, and prints a page. */
async function bench(): Promise<void> {
  const placement = takePlaces()
  showProgress('opening Postgres')
  const databaseUrl = await openBenchDatabase()
  // The first start makes the tables; it is not the one that is measured.
  await (await WebProcess.start(databaseUrl, placement)).stop()

  showProgress('starting the service again and again')
  const start = await measureStartTime(databaseUrl, placement)

  showProgress('looking at its memory')
  const web = await WebProcess.start(databaseUrl, placement)
  const hashingPid = await web.hashingPid()
  await pause(settlingMs)
  const idle = { web: residentMegabytes(web.pid), hashing: residentMegabytes(hashingPid) }

  showProgress('asking for pages')
  const plainPage = { subject: 'GET /login', path: '/login', target: { atLeast: 0.7 } }
  const sentPage = { subject: 'GET /login?redirectUrl=…', path: '/login?redirectUrl=%2Fdashboard' }
  const pages = [
    await measurePageSpeed(web, plainPage, placement),
    await measurePageSpeed(web, sentPage, placement),
  ]
  showProgress('signing in and registering')
  const accounts = await registerAccounts(web.port)
  const hashing = await measureHashingSpeed(web, accounts, placement)
  showProgress('raising a storm of sign-ins')
  const request = getRequest(web.port, '/login')
  const visits = { subject: 'GET /login in a storm, p99', target: { atMost: 3 }, nextRequest: () => request }
  const storm = await measureStormEffects(web, accounts, visits, placement)
  await web.stop()
  showProgress('passing the gate')
  const gate = await measureGate(databaseUrl, accounts, placement)
  clearProgress()

  const memory = (subject: string, measured: number, atMost?: number): Figure => ({
    subject,
    measured,
    unit: 'MB',
    ...(atMost === undefined ? {} : { target: { atMost } }),
  })
  const figures = [
    ...hashing,
    ...pages,
    storm.pages,
    ...gate,
    ...start,
    memory('Web process, idle', idle.web, 90),
    memory('Web process, in the storm', storm.memory.web, 150),
    memory('Hashing process, idle', idle.hashing),
    memory('Hashing process, in storm', storm.memory.hashing),
  ]
  process.stdout.write(reportPage({ figures, placement, tally: storm.tally }))
}

cleanUpOnSignals()
bench()
  .catch((error: unknown) => {
    if (isEnding()) return
    clearProgress()
    process.stderr.write(
      `The bench could not be finished: ${error instanceof Error ? error.stack : String(error)}\n`,
    )
    process.exitCode = 1
  })
  .finally(cleanUp)
