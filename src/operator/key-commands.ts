import { KeySchedule } from '../tokens/key-schedule.js'
import { openSigningKeys } from '../tokens/open-signing-keys.js'
import type { SigningKeyKeeper } from '../tokens/signing-key-keeper.js'
import { SigningKeyStore } from '../tokens/signing-key-store.js'
import type { CommandCall, CommandGroup } from './command.js'
import { formatTable } from './format-table.js'
import type { OperatorHouse } from './operator-house.js'

/** `latchkey keys`: what access tokens are signed by. */
export function createKeyCommands(house: OperatorHouse): CommandGroup {
  return {
    name: 'keys',
    summary: 'What access tokens are signed by.',
    about: [
      'The service makes keys by itself, and a new one every SIGNING_KEY_ROTATION_DAYS. A new key is published for an hour before it signs, and the old one until the last token that it signed is over, so no app notices.',
      'With --now the old keys are withdrawn at once, for when one has become known or SIGNING_KEY_SECRET was lost: services follow within 5 seconds, apps when they next ask for the keys. Programs refresh their access tokens; nobody is signed out.',
    ],
    commands: [
      {
        name: 'list',
        operands: '',
        operandCount: [0, 0],
        options: { json: { summary: 'As JSON.' } },
        summary: 'Show them, and what each is for.',
        run: (call) => listKeys(house, call),
      },
      {
        name: 'rotate',
        operands: '',
        operandCount: [0, 0],
        options: { now: { summary: 'Withdraw the old ones, without an hour in which both count.' } },
        summary: 'Have a new one sign.',
        run: (call) => rotateKeys(house, call),
      },
    ],
  }
}

async function listKeys(house: OperatorHouse, { isSet, terminal }: CommandCall): Promise<boolean> {
  const all = await house.withDatabase((database) => new SigningKeyStore(database).list())
  const schedule = new KeySchedule(house.settings.tokens)
  const now = new Date()
  const signer = schedule.signer(all, now)
  const keys = all.map((key) => ({
    kid: key.kid,
    state: key === signer ? 'signs' : key.signsFrom > now ? 'next' : 'old',
    signsFrom: key.signsFrom.toISOString(),
    publishedUntil: schedule.publishedUntil(all, key)?.toISOString() ?? null,
    isSealed: key.isSealed,
  }))
  if (isSet('json')) terminal.sayJson(keys)
  else {
    const rows = keys.map((key) => [
      key.kid,
      key.state,
      toMinute(key.signsFrom),
      key.publishedUntil === null ? '' : toMinute(key.publishedUntil),
      key.isSealed ? 'yes' : 'no',
    ])
    terminal.say(formatTable(['KEY', 'STATE', 'SIGNS FROM', 'PUBLISHED UNTIL', 'SEALED'], rows))
  }
  return true
}

async function rotateKeys(house: OperatorHouse, { isSet, terminal }: CommandCall): Promise<boolean> {
  if (isSet('now')) {
    await withKeeper(house, (keeper) => keeper.replaceAll())
    terminal.say(
      'A new key signs, and the old ones are withdrawn. Running services know it within 5 seconds.\n',
    )
    return true
  }
  const made = await withKeeper(house, (keeper) => keeper.rotate())
  terminal.say(
    made === null
      ? 'The next key is there already. See "latchkey keys list".\n'
      : `The key ${made.kid} is published, and signs from ${toMinute(made.signsFrom.toISOString())} on.\n`,
  )
  return true
}

async function withKeeper<Result>(
  house: OperatorHouse,
  work: (keeper: SigningKeyKeeper) => Promise<Result>,
): Promise<Result> {
  return house.withDatabase((database) =>
    work(openSigningKeys(database, house.settings.tokens).signingKeyKeeper),
  )
}

function toMinute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}
