import { AccountListStore } from '../accounts/account-list-store.js'
import { foldLetters } from '../accounts/fold-letters.js'
import { AuthenticatorAppStore } from '../authenticator-app/authenticator-app-store.js'
import { SessionListStore } from '../sessions/session-list-store.js'
import { SecondFactorStore } from '../sign-in-codes/second-factor-store.js'
import { WebauthnStepStore } from '../webauthn/webauthn-step-store.js'
import type { CommandCall } from './command.js'
import { formatTable } from './format-table.js'
import type { OperatorHouse } from './operator-house.js'
import { OperatorProblem } from './operator-problem.js'

const defaultLimit = 100
const largestLimit = 100_000

type ShownAccount = {
  username: string
  email: string | null
  isEmailConfirmed: boolean
  hasPassword: boolean
  groups: string[]
  sessions: number
  createdAt: Date
  /** What its owner has turned on beside the password. */ secondFactors: string[]
}

/** Shows accounts, and says when there are more of them. */
export async function listAccounts(house: OperatorHouse, call: CommandCall): Promise<boolean> {
  const limit = readLimit(call.text('limit'))
  const part = foldLetters((call.text('search') ?? '').trim())
  // One more than is shown tells whether there are more.
  const found = await house.withDatabase(async (database) => {
    const accounts = await new AccountListStore(database).find(part, limit + 1)
    const ids = accounts.map(({ id }) => id)
    const sessions = await new SessionListStore(database).count(ids, new Date())
    const apps = await new AuthenticatorAppStore(database).having(ids)
    const codes = await new SecondFactorStore(database).having(ids)
    const steps = await new WebauthnStepStore(database).having(ids)
    return accounts.map(({ id, username, email, isEmailConfirmed, hasPassword, groups, createdAt }) => ({
      username,
      email,
      isEmailConfirmed,
      hasPassword,
      groups,
      sessions: sessions.get(id) ?? 0,
      createdAt,
      secondFactors: [
        ...(steps.has(id) ? ['passkey'] : []),
        ...(apps.has(id) ? ['app'] : []),
        ...(codes.has(id) ? ['mail'] : []),
      ],
    }))
  })
  showAccounts(call, found.slice(0, limit))
  if (found.length > limit) {
    call.terminal.complain(`There are more than these ${limit}. Narrow them by --search, or raise --limit.\n`)
  }
  return true
}

function showAccounts({ terminal, isSet }: CommandCall, accounts: readonly ShownAccount[]): void {
  if (isSet('json')) {
    terminal.sayJson(accounts)
    return
  }
  if (accounts.length === 0) {
    terminal.say('There is no such account.\n')
    return
  }
  const rows = accounts.map(({ username, groups, sessions, createdAt, secondFactors, ...account }) => [
    username,
    wordEmail(account),
    account.hasPassword ? 'yes' : 'none',
    groups.join(', '),
    String(sessions),
    createdAt.toISOString().slice(0, 10),
    secondFactors.join(', '),
  ])
  terminal.say(
    formatTable(['USERNAME', 'E-MAIL', 'PASSWORD', 'GROUPS', 'SESSIONS', 'SINCE', 'SECOND FACTOR'], rows),
  )
}

function wordEmail({ email, isEmailConfirmed }: Pick<ShownAccount, 'email' | 'isEmailConfirmed'>): string {
  if (email === null) return ''
  return isEmailConfirmed ? email : `${email} (not confirmed)`
}

function readLimit(text: string | null): number {
  if (text === null) return defaultLimit
  const limit = Number(text)
  if (/^\d+$/.test(text) && limit >= 1 && limit <= largestLimit) return limit
  throw new OperatorProblem(`--limit must be a whole number from 1 to ${largestLimit}, not "${text}".`, 2)
}
