import { AccountOperator } from './account-operator.js'
import type { CommandGroup, CommandOption } from './command.js'
import { issueResetCode } from './issue-reset-code.js'
import { listAccounts } from './list-accounts.js'
import type { OperatorHouse } from './operator-house.js'

const fromInput: CommandOption = { summary: 'Read the password from standard input.' }
const json: CommandOption = { summary: 'As JSON.' }

/** `latchkey accounts`: who exists. */
export function createAccountCommands(house: OperatorHouse): CommandGroup {
  const operator = new AccountOperator(house)
  return {
    name: 'accounts',
    summary: 'Who can sign in.',
    about: [
      'Where a username is asked for, the e-mail address of the account does as well. A password is asked for at the terminal, twice, and not shown; in scripts it comes from standard input, never from the command line, where other users of the machine could read it. Names and passwords follow the same rules as at registration.',
      '  latchkey accounts add ada --email ada@example.com --groups admins,staff\n' +
        '  pass show ada | latchkey accounts set-password ada --password-stdin',
    ],
    commands: [
      {
        name: 'list',
        operands: '',
        operandCount: [0, 0],
        options: {
          search: { value: '<text>', summary: 'Only those with this in their username or e-mail address.' },
          limit: { value: '<number>', summary: 'How many at most; 100 by default.' },
          json,
        },
        summary: 'Show them, in the order of their names.',
        run: (call) => listAccounts(house, call),
      },
      {
        name: 'add',
        operands: '<username>',
        operandCount: [1, 1],
        options: {
          email: { value: '<address>', summary: 'Its e-mail address, which counts as confirmed.' },
          groups: { value: '<a,b>', summary: 'Its groups, with commas between them.' },
          'password-stdin': fromInput,
          reuse: { summary: 'Also under the name of an account that is gone.' },
        },
        summary: 'Make one.',
        run: (call) => operator.add(call),
      },
      {
        name: 'set-groups',
        operands: '<username> <group…>',
        operandCount: [1, 101],
        options: { none: { summary: 'Take it out of all groups.' } },
        summary: 'Replace its groups.',
        run: (call) => operator.setGroups(call),
      },
      {
        name: 'set-password',
        operands: '<username>',
        operandCount: [1, 1],
        options: { 'password-stdin': fromInput },
        summary:
          'Give it a new password; ends its sessions, locks and ways back, its e-mail address until that is confirmed again.',
        run: (call) => operator.setPassword(call),
      },
      {
        name: 'end-sessions',
        operands: '<username>',
        operandCount: [1, 1],
        options: {},
        summary: 'Sign it out everywhere.',
        run: (call) => operator.endSessions(call),
      },
      {
        name: 'unlock',
        operands: '<username>',
        operandCount: [1, 1],
        options: {},
        summary: 'Forget its failed sign-ins, and lift the lock or the wait they caused.',
        run: (call) => operator.unlock(call),
      },
      {
        name: 'remove-email',
        operands: '<username>',
        operandCount: [1, 1],
        options: {},
        summary: 'Take its e-mail address away when the mailbox is lost: codes at sign-in went there.',
        run: (call) => operator.removeEmail(call),
      },
      {
        name: 'remove-second-factor',
        operands: '<username>',
        operandCount: [1, 1],
        options: {},
        summary:
          'Ask it for the password alone when its owner has lost phone or passkeys, and recovery codes.',
        run: (call) => operator.removeSecondFactor(call),
      },
      {
        name: 'reset-code',
        operands: '<username>',
        operandCount: [1, 1],
        options: {},
        summary: 'Print a code, good for once, with which its owner can set a new password.',
        run: (call) => issueResetCode(house, call),
      },
      {
        name: 'remove',
        operands: '<username>',
        operandCount: [1, 1],
        options: { yes: { summary: 'Do not ask whether it is meant.' } },
        summary: 'Remove it with everything that belongs to it.',
        run: (call) => operator.remove(call),
      },
    ],
  }
}
