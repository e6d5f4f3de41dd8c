import { AllowedOriginStore } from '../sibling-apps/allowed-origin-store.js'
import { parseOriginPattern, type OriginPattern } from '../sibling-apps/origin-pattern.js'
import { originsUnder } from '../sibling-apps/origins-under.js'
import { closestWord } from './closest-word.js'
import type { CommandCall, CommandGroup } from './command.js'
import { formatTable } from './format-table.js'
import type { OperatorHouse } from './operator-house.js'
import { OperatorProblem } from './operator-problem.js'

const setting = 'ALLOWED_REDIRECT_ORIGINS'

type SettingOrigin = { pattern: OriginPattern; setting: string }

/** `latchkey origins`: which apps people may be sent to, beside those of the setting. */
export function createOriginCommands(house: OperatorHouse): CommandGroup {
  return {
    name: 'origins',
    summary: 'Apps that people may be sent to after signing in.',
    about: [
      `Origins are written like https://app.example.com, or https://*.example.com for all subdomains. Those of the setting ${setting} and everything under COOKIE_DOMAIN count too; only who changes the setting removes them. Running services follow within a second, without a restart.`,
      '  latchkey origins allow https://photos.example.com',
    ],
    commands: [
      {
        name: 'list',
        operands: '',
        operandCount: [0, 0],
        options: { json: { summary: 'As JSON.' } },
        summary: 'Show them, and where each comes from.',
        run: (call) => listOrigins(house, call),
      },
      {
        name: 'allow',
        operands: '<origin>',
        operandCount: [1, 1],
        options: {},
        summary: 'Allow one.',
        run: (call) => allowOrigin(house, call),
      },
      {
        name: 'remove',
        operands: '<origin>',
        operandCount: [1, 1],
        options: {},
        summary: 'Allow it no longer.',
        run: (call) => removeOrigin(house, call),
      },
    ],
  }
}

async function listOrigins(house: OperatorHouse, call: CommandCall): Promise<boolean> {
  const stored = await house.withDatabase((database) => new AllowedOriginStore(database).list())
  const origins = [
    ...settingOrigins(house).map((each) => ({
      origin: each.pattern.source,
      from: each.setting,
      since: null,
    })),
    ...stored.map(({ origin, createdAt }) => ({ origin, from: 'database', since: createdAt.toISOString() })),
  ]
  if (call.isSet('json')) call.terminal.sayJson(origins)
  else if (origins.length === 0) {
    call.terminal.say(
      `Neither the database nor the settings of this command (${setting}, COOKIE_DOMAIN) allow an app.\n` +
        'Allow one: latchkey origins allow https://app.example.com\n',
    )
  } else {
    const rows = origins.map(({ origin, from, since }) => [origin, from, since?.slice(0, 10) ?? ''])
    call.terminal.say(formatTable(['ORIGIN', 'FROM', 'SINCE'], rows))
  }
  return true
}

async function allowOrigin(house: OperatorHouse, { operands, terminal }: CommandCall): Promise<boolean> {
  const origin = readOrigin(operands[0] ?? '')
  const known = findSetting(house, origin)
  if (known !== null) {
    terminal.say(`${origin} is allowed already, by the setting ${known}.\n`)
    return true
  }
  const isNew = await house.withDatabase((database) =>
    new AllowedOriginStore(database).add(origin, new Date()),
  )
  terminal.say(
    isNew
      ? `${origin} is allowed. Running services know it within a second.\n`
      : `${origin} is allowed already.\n`,
  )
  return true
}

async function removeOrigin(house: OperatorHouse, { operands, terminal }: CommandCall): Promise<boolean> {
  const origin = readOrigin(operands[0] ?? '')
  const inSetting = findSetting(house, origin)
  await house.withDatabase(async (database) => {
    const store = new AllowedOriginStore(database)
    if (await store.remove(origin)) return
    if (inSetting !== null) {
      throw new OperatorProblem(
        `${origin} comes from the setting ${inSetting}. Take it out there and restart the service.`,
      )
    }
    const known = (await store.list()).map((each) => each.origin)
    const meant = closestWord(origin, known)
    throw new OperatorProblem(
      `${origin} is not in the list.${meant === null ? ' See "latchkey origins list".' : ` Did you mean ${meant}?`}`,
    )
  })
  terminal.say(
    inSetting !== null
      ? `${origin} is gone from the database, but stays allowed by the setting ${inSetting}.\n`
      : `${origin} is allowed no longer. Running services know it within a second.\n`,
  )
  return true
}

function settingOrigins({ settings }: OperatorHouse): SettingOrigin[] {
  const { allowedRedirectOrigins, cookieDomain, publicOrigin } = settings
  const underDomain =
    cookieDomain === null || publicOrigin === null ? [] : originsUnder(cookieDomain, publicOrigin)
  return [
    ...allowedRedirectOrigins.map((pattern) => ({ pattern, setting })),
    ...underDomain.map((pattern) => ({ pattern, setting: 'COOKIE_DOMAIN' })),
  ]
}

/** The setting by which an origin is allowed; null when none allows it. */
function findSetting(house: OperatorHouse, origin: string): string | null {
  // One with a star is no address that could be matched.
  const url = origin.includes('*') ? null : new URL(origin)
  const found = settingOrigins(house).find(
    ({ pattern }) => pattern.source === origin || (url !== null && pattern.matches(url)),
  )
  return found?.setting ?? null
}

function readOrigin(typed: string): string {
  const pattern = parseOriginPattern(typed.trim())
  if (pattern !== null) return pattern.source
  throw new OperatorProblem(
    `"${typed}" cannot be allowed: write an origin of http or https without a path, such as https://app.example.com, or ` +
      `https://*.example.com for the subdomains of a domain of yours.${suggestOrigin(typed)}`,
    2,
  )
}

/** Most often a whole address was pasted, or the scheme left out. */
function suggestOrigin(typed: string): string {
  const scheme = /^(localhost\b|127\.)/i.test(typed) ? 'http' : 'https'
  const text = /^\w+:\/\//.test(typed) ? typed : `${scheme}://${typed}`
  const origin = URL.canParse(text) ? new URL(text).origin : ''
  return parseOriginPattern(origin) === null ? '' : ` Did you mean ${origin}?`
}
