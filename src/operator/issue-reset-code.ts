import { createResetCode } from '../reset-codes/reset-code.js'
import { ResetCodeStore } from '../reset-codes/reset-code-store.js'
import { wordDuration } from '../sign-in/word-duration.js'
import type { CommandCall } from './command.js'
import type { OperatorHouse } from './operator-house.js'
import { noteOperatorEvent, withAccount } from './with-account.js'

/** `latchkey accounts reset-code`: a way back for somebody who has no other; a code issued before ends. */
export async function issueResetCode(house: OperatorHouse, call: CommandCall): Promise<boolean> {
  const { publicOrigin, recovery } = house.settings
  const seconds = recovery.resetCodeValiditySeconds
  const { code, hash } = createResetCode()
  const account = await withAccount(house, call, async (found, database) => {
    const now = new Date()
    const expiresAt = new Date(now.getTime() + seconds * 1000)
    await database.transaction(async (client) => {
      await new ResetCodeStore(client).issue(found.id, hash, expiresAt)
      await noteOperatorEvent(client, found, 'resetCodeIssued', now)
    })
  })
  const page = publicOrigin === null ? 'the page /recover of the service' : `${publicOrigin}/recover`
  call.terminal.say(
    `A reset code for ${account.username}, good for once within ${wordDuration(seconds)}:\n\n` +
      `  ${code}\n\n` +
      `To use it, open ${page}, enter the username, choose "Enter a reset code", and set a new password.\n` +
      'Give it to nobody but the owner of the account, in a way that nobody else can read.\n',
  )
  return true
}
