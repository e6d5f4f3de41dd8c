import { AccountStore } from '../accounts/account-store.js'
import { FailedAttemptStore } from '../attempts/failed-attempt-store.js'
import { KnownDeviceStore } from '../attempts/known-device-store.js'
import { removeApp } from '../authenticator-app/remove-app.js'
import { forgetWaysBack } from '../recovery/forget-ways-back.js'
import { removeEmail } from '../recovery/remove-email.js'
import { SessionStore } from '../sessions/session-store.js'
import { SecondFactorStore } from '../sign-in-codes/second-factor-store.js'
import { removeWebauthnStep } from '../webauthn-step/remove-webauthn-step.js'
import type { CommandCall } from './command.js'
import type { OperatorHouse } from './operator-house.js'
import { OperatorProblem } from './operator-problem.js'
import { PasswordSetter } from './password-setter.js'
import { readGroups, readNewEmail, readNewUsername } from './read-account-words.js'
import { noteOperatorEvent, withAccount } from './with-account.js'

/** Does to accounts what the operator says, one method per command, and tells what was done. */
export class AccountOperator {
  readonly #house: OperatorHouse

  constructor(house: OperatorHouse) {
    this.#house = house
  }

  async add(call: CommandCall): Promise<boolean> {
    const username = readNewUsername(call.operands[0] ?? '')
    const email = readNewEmail(call.text('email'))
    const groups = readGroups((call.text('groups') ?? '').split(',').filter((name) => name.trim() !== ''))
    await this.#house.withDatabase(async (database) => {
      const passwordHash = await this.#passwordSetter(call).hashNew(username.username, email?.email ?? '')
      await database.transaction(async (client) => {
        const store = new AccountStore(client)
        const now = new Date()
        if (call.isSet('reuse')) await store.releaseUsername(username.canonical)
        const outcome = await store.add({
          username: username.username,
          canonicalUsername: username.canonical,
          email: email?.email ?? null,
          canonicalEmail: email?.canonical ?? null,
          // The operator's word is enough.
          emailConfirmedAt: email === null ? null : now,
          passwordHash,
          createdAt: now,
        })
        if (outcome.kind === 'usernameUnavailable') {
          throw new OperatorProblem(
            call.isSet('reuse')
              ? `The username ${username.username} is taken, or looks like one that is.`
              : `The username ${username.username} is taken, looks like one that is, or was that of an account that is gone. ` +
                  'Add --reuse to give such a one to somebody else, whom apps will take for the one before.',
          )
        }
        if (outcome.kind === 'emailUnavailable') {
          throw new OperatorProblem(`Another account has the e-mail address ${email?.email}.`)
        }
        await store.setGroups(outcome.account.id, groups)
      })
    })
    call.terminal.say(
      `The account ${username.username} is made.${groups.length > 0 ? ` ${wordGroups(groups)}` : ''}\n`,
    )
    return true
  }

  async setGroups(call: CommandCall): Promise<boolean> {
    const groups = readGroups(call.operands.slice(1))
    if ((groups.length === 0) !== call.isSet('none')) {
      throw new OperatorProblem('Either name the groups, or say --none to take the account out of all.', 2)
    }
    const account = await withAccount(this.#house, call, async (found, database) => {
      await new AccountStore(database).setGroups(found.id, groups)
    })
    call.terminal.say(`${account.username}: ${wordGroups(groups)}\n`)
    return true
  }

  async setPassword(call: CommandCall): Promise<boolean> {
    let ended = 0
    const account = await withAccount(this.#house, call, async (found, database) => {
      const passwordHash = await this.#passwordSetter(call).hashNew(found.username, found.email ?? '')
      const now = new Date()
      await database.transaction(async (client) => {
        await new AccountStore(client).setPasswordHash(found.id, passwordHash)
        await forgetWaysBack(found.id, client, now)
        ended = await new SessionStore(client).endAllOf(found.id, 'passwordSetByOperator', now)
        await noteOperatorEvent(client, found, 'passwordSetByOperator', now)
      })
    })
    call.terminal.say(`${account.username} has a new password. ${wordEnded(ended)}\n`)
    return true
  }

  async endSessions(call: CommandCall): Promise<boolean> {
    let ended = 0
    const account = await withAccount(this.#house, call, async (found, database) => {
      const now = new Date()
      await database.transaction(async (client) => {
        await new AccountStore(client).findAndLock(found.id)
        await new KnownDeviceStore(client).distrustAllOf(found.id)
        ended = await new SessionStore(client).endAllOf(found.id, 'endedByOperator', now)
        if (ended > 0) await noteOperatorEvent(client, found, 'sessionsEndedByOperator', now)
      })
    })
    call.terminal.say(`${account.username}: ${wordEnded(ended)}\n`)
    return true
  }

  async unlock(call: CommandCall): Promise<boolean> {
    let wasStopped = false
    const account = await withAccount(this.#house, call, async (found, database) => {
      const now = new Date()
      await database.transaction(async (client) => {
        await new AccountStore(client).findAndLock(found.id)
        wasStopped = await new FailedAttemptStore(client).liftAllOf(found.id, now)
        if (wasStopped) await noteOperatorEvent(client, found, 'unlockedByOperator', now)
      })
    })
    const outcome = wasStopped ? 'can sign in again.' : 'was not held up.'
    call.terminal.say(
      `${account.username} ${outcome} Its failed sign-ins are forgotten; those of a network are counted apart, and stay.\n`,
    )
    return true
  }

  async removeEmail(call: CommandCall): Promise<boolean> {
    const account = await withAccount(this.#house, call, async (found, database) => {
      if (found.email === null) throw new OperatorProblem(`${found.username} has no e-mail address.`)
      await database.transaction(async (client) => {
        await new AccountStore(client).findAndLock(found.id)
        await removeEmail(found.id, client)
        await noteOperatorEvent(client, found, 'emailRemovedByOperator', new Date())
      })
    })
    call.terminal.say(`${account.username} has no e-mail address any more, and is asked for no code there.\n`)
    return true
  }

  async removeSecondFactor(call: CommandCall): Promise<boolean> {
    const account = await withAccount(this.#house, call, async (found, database) => {
      await database.transaction(async (client) => {
        await new AccountStore(client).findAndLock(found.id)
        const hadApp = await removeApp(found.id, client)
        const hadCode = await new SecondFactorStore(client).turnOff(found.id)
        const hadStep = await removeWebauthnStep(found.id, client)
        if (!hadApp && !hadCode && !hadStep)
          throw new OperatorProblem(`${found.username} has no second factor.`)
        await noteOperatorEvent(client, found, 'secondFactorRemovedByOperator', new Date())
      })
    })
    call.terminal.say(
      `${account.username} is asked for the password alone, or for a code by mail where EMAIL_OTP=required.\n`,
    )
    return true
  }

  async remove(call: CommandCall): Promise<boolean> {
    const { terminal } = call
    const account = await withAccount(this.#house, call, async (found, database) => {
      if (!call.isSet('yes')) await confirm(call, found.username)
      await database.transaction(async (client) => {
        await new AccountStore(client).findAndLock(found.id)
        await new SessionStore(client).endAllOf(found.id, 'accountDeleted', new Date())
        await new AccountStore(client).remove(found.id)
      })
    })
    terminal.say(`The account ${account.username} is gone.\n`)
    return true
  }

  #passwordSetter({ terminal, isSet }: CommandCall): PasswordSetter {
    return new PasswordSetter(this.#house.settings, terminal, isSet('password-stdin'))
  }
}

async function confirm({ terminal }: CommandCall, username: string): Promise<void> {
  if (!terminal.canAsk) {
    throw new OperatorProblem('Nobody is there to be asked whether that is meant. Add --yes if it is.')
  }
  const answer = await terminal.ask(
    `Remove ${username} with everything that belongs to it? Type the username: `,
  )
  if (answer.trim() !== username) throw new OperatorProblem('Nothing was changed.')
}

function wordGroups(groups: readonly string[]): string {
  if (groups.length === 0) return 'It is in no group.'
  return `Its ${groups.length === 1 ? 'group is' : 'groups are'} ${groups.join(', ')}.`
}

function wordEnded(count: number): string {
  if (count === 0) return 'It was signed in nowhere.'
  return count === 1 ? 'Its one session is ended.' : `Its ${count} sessions are ended.`
}
