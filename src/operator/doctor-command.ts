import { DatabaseUnavailable } from '../database/database-unavailable.js'
import { Doctor, type Diagnosis } from '../doctor/doctor.js'
import { DoctorProbeStore } from '../doctor/doctor-probe-store.js'
import type { Finding } from '../doctor/finding.js'
import { buildProxyLines } from '../doctor/proxy-lines.js'
import type { CommandCall, CommandGroup } from './command.js'
import type { OperatorHouse, OperatorSettings } from './operator-house.js'
import { OperatorProblem } from './operator-problem.js'
import type { OperatorTerminal } from './operator-terminal.js'
import { wrapText } from './wrap-text.js'

const width = 80
const column = 14

const marks = {
  good: { sign: '✓', ascii: '+', colour: 'green' },
  doubtful: { sign: '!', ascii: '!', colour: 'yellow' },
  bad: { sign: '✗', ascii: 'x', colour: 'red' },
} as const

/** `latchkey doctor`: whether the way from a browser to the service is sound. */
export function createDoctorCommand(house: OperatorHouse): CommandGroup {
  return {
    name: 'doctor',
    summary: 'Whether the proxy in front passes on what it should.',
    about: [
      'It goes the way that browsers go, once honestly and once with forged headers, has the service say what it saw, and prints the lines for nginx, Caddy, HAProxy and Traefik where something is wrong. Run it from another machine of the network too, if you can: what comes from the machine of the proxy itself may be treated otherwise.',
      'The exit code is 1 when something is to be mended.',
      '  latchkey doctor --url https://login.example.com',
    ],
    commands: [
      {
        name: '',
        operands: '',
        operandCount: [0, 0],
        options: {
          url: { value: '<address>', summary: 'What people open; PUBLIC_URL by default.' },
          json: { summary: 'As JSON.' },
        },
        summary: 'Examine the public address.',
        run: (call) => examine(house, call),
      },
    ],
  }
}

async function examine(house: OperatorHouse, call: CommandCall): Promise<boolean> {
  const url = readAddress(call.text('url') ?? house.settings.publicOrigin)
  const diagnosis = await diagnose(house, url)
  const { findings } = diagnosis
  if (call.isSet('json')) {
    call.terminal.sayJson(
      findings.map(({ about, verdict, text, remedy }) => ({ about, verdict, text, remedy })),
    )
  } else {
    call.terminal.say(`\nLatchkey at ${url.origin}\n\n`)
    for (const finding of findings) sayFinding(call.terminal, finding)
    call.terminal.say(`\n${summarise(findings)}\n`)
    if (findings.some(({ isForProxy }) => isForProxy))
      sayProxyLines(call.terminal, url, house.settings, diagnosis)
    call.terminal.say('\n')
  }
  return findings.every(({ verdict }) => verdict !== 'bad')
}

async function diagnose(house: OperatorHouse, url: URL): Promise<Diagnosis> {
  const about = 'Database'
  try {
    return await house.withDatabase(async (database) => {
      const doctor = new Doctor(new DoctorProbeStore(database), house.settings.trustedProxies)
      const { findings, isInner } = await doctor.examine(url)
      const text = 'It answers, and its tables are those of this release.'
      return { findings: [{ about, verdict: 'good', text }, ...findings], isInner }
    })
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable || error instanceof OperatorProblem)) throw error
    const remedy = 'The rest can only be examined with the database.'
    return { findings: [{ about, verdict: 'bad', text: error.message, remedy }], isInner: false }
  }
}

function readAddress(text: string | null): URL {
  if (text === null) {
    throw new OperatorProblem(
      'Which address do people open? Set PUBLIC_URL, or say it: latchkey doctor --url https://login.example.com',
      2,
    )
  }
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && ['https:', 'http:'].includes(url.protocol) && url.href === `${url.origin}/`) return url
  throw new OperatorProblem(
    `"${text}" is not an address without a path, such as https://login.example.com.`,
    2,
  )
}

function sayFinding(terminal: OperatorTerminal, { about, verdict, text, remedy }: Finding): void {
  const mark = marks[verdict]
  const indent = ' '.repeat(column + 4)
  const sign = terminal.isUnicode ? mark.sign : mark.ascii
  const start = `  ${terminal.style(mark.colour, sign)} `
  const rest = `${about.padEnd(column)}${wrapText(text, width, indent)}\n`
  terminal.sayStyled(start, rest)
  if (remedy !== undefined) terminal.say(`${indent}${wrapText(`→ ${remedy}`, width, indent)}\n`)
}

function summarise(findings: readonly Finding[]): string {
  const bad = findings.filter(({ verdict }) => verdict === 'bad').length
  const doubtful = findings.filter(({ verdict }) => verdict === 'doubtful').length
  if (bad + doubtful === 0) return 'All is well.'
  const parts = [bad > 0 ? `${bad} to mend` : '', doubtful > 0 ? `${doubtful} to think about` : '']
  return `${parts.filter((part) => part !== '').join(', ')}.`
}

function sayProxyLines(
  terminal: OperatorTerminal,
  url: URL,
  { host, port }: OperatorSettings,
  { isInner }: Diagnosis,
): void {
  const upstreamHost = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const upstream = `${upstreamHost.includes(':') ? `[${upstreamHost}]` : upstreamHost}:${port}`
  for (const { proxy, lines } of buildProxyLines({ url, upstream, isInner })) {
    terminal.say('\n')
    terminal.sayStyled(terminal.style('bold', proxy), `\n\n${lines.replaceAll(/^(?=.)/gm, '    ')}\n`)
  }
}
