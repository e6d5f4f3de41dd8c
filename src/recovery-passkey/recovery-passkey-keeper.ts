import { timingSafeEqual } from 'node:crypto'
import { AccountStore } from '../accounts/account-store.js'
import type { WayBackChange } from '../accounts/way-back-change.js'
import type { Database } from '../database/database.js'
import { createTypedCode } from '../secrets/create-typed-code.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SignedIn } from '../sign-in/door.js'
import type { TellOwner } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import { hashRecoveryPasskey, passkeyGroups } from './hash-recovery-passkey.js'
import { RecoveryPasskeyStore, type StoredPasskey } from './recovery-passkey-store.js'
import { sealForSession, unsealForSession } from './session-seal.js'

/** A passkey as its owner sees it. */
export type OpenedPasskey = {
  /** Such as `7GK0-QX3M-…`. */
  passkey: string
  /** Names it without telling it, for `markSaved`. */
  mark: string
  createdAt: Date
  /** Whether another one, shown before, ended with it. */
  isReplacement: boolean
}

/** An account whose password was right a moment ago, and which password that was. */
export type CheckedAccount = { id: string; passwordVersion: number }

export type SavingOutcome =
  | { kind: 'saved'; /** Whether the account has never saved one before. */ isFirst: boolean }
  /** Another one has taken its place, and is still to be saved. */
  | { kind: 'replaced' }
  /** Another one has taken its place and is saved. */
  | { kind: 'outdated' }

export type RecoveryPasskeyKeeperParts = {
  database: Database
  /** Whether recovery passkeys are among the ways back that the operator offers. */
  isOffered: boolean
  wayBackChange: WayBackChange
  tellOwner: TellOwner
  now: () => Date
}

/**
 * The life of a recovery passkey: made when its owner comes to see it, shown in that session until saved, then known by
 * its hash alone. Until then it is sealed with the token of the session, so the database by itself tells nobody what it
 * is. It knows no HTTP.
 */
export class RecoveryPasskeyKeeper {
  readonly #parts: RecoveryPasskeyKeeperParts
  readonly #store: RecoveryPasskeyStore

  constructor(parts: RecoveryPasskeyKeeperParts) {
    this.#parts = parts
    this.#store = new RecoveryPasskeyStore(parts.database)
  }

  /** Whether the account has still to be shown a passkey, and to save it. */
  async isDue(accountId: string): Promise<boolean> {
    return this.#parts.isOffered && (await this.#store.find(accountId))?.isSaved !== true
  }

  /** Whether the account has one that counts, saved or only shown. */
  async has(accountId: string): Promise<boolean> {
    return (await this.madeSince(accountId)) !== null
  }

  /** @returns since when the account has the one that counts; null when it has none */
  async madeSince(accountId: string): Promise<Date | null> {
    const known = await this.#store.find(accountId)
    return known === null || known.hash === null ? null : known.createdAt
  }

  /** The passkey to show in this session, the same each time until it is saved; null when none is due. */
  async open(signedIn: SignedIn, visitor: Visitor): Promise<OpenedPasskey | null> {
    if (!this.#parts.isOffered) return null
    const { id, accountId } = signedIn.session
    const known = await this.#store.find(accountId)
    if (known?.isSaved === true) return null
    // One of this session that does not open was sealed before the session got a new token.
    const lost = known !== null && known.sessionId === id ? known.hash : null
    const made = unseal(known, signedIn) ?? (await this.#make(signedIn, visitor, { onlyIfDue: true, lost }))
    // Or else a request of this session beside this one was faster.
    return made ?? unseal(await this.#store.find(accountId), signedIn)
  }

  /** Hears that its owner has saved the passkey with this mark. */
  async markSaved(accountId: string, mark: string): Promise<SavingOutcome> {
    const hash = Buffer.from(mark, 'base64url')
    const saved = await this.#store.markSaved(accountId, hash, this.#parts.now())
    if (saved !== null) return { kind: 'saved', ...saved }
    const current = await this.#store.find(accountId)
    if (current?.isSaved !== true) return { kind: 'replaced' }
    return current.hash?.equals(hash) === true ? { kind: 'saved', isFirst: false } : { kind: 'outdated' }
  }

  /** A new one takes the place of the old at once, and is due: `open` shows it in this session. */
  async regenerate(signedIn: SignedIn, visitor: Visitor): Promise<void> {
    await this.#make(signedIn, visitor, { onlyIfDue: false, lost: null })
  }

  /**
   * Hands a passkey to a program, which counts as saved.
   *
   * @returns null when none is due; of parallel calls one gets it
   */
  async handOverIfDue(account: CheckedAccount, visitor: Visitor): Promise<string | null> {
    return (await this.isDue(account.id)) ? this.#handOver(account, visitor, { onlyIfDue: true }) : null
  }

  /** Like `handOverIfDue`, but in the place of any other; null when passkeys are not offered or the account is gone. */
  async handOver(account: CheckedAccount, visitor: Visitor): Promise<string | null> {
    return this.#parts.isOffered ? this.#handOver(account, visitor, { onlyIfDue: false }) : null
  }

  /**
   * Whether this is the passkey of the account, saved or only shown.
   *
   * @param accountId null for a name that nobody has, which is as much work
   * @param typed in any case and with any separators
   */
  async matches(accountId: string | null, typed: string): Promise<boolean> {
    const hash = (await this.#store.find(accountId ?? nobody))?.hash ?? null
    const typedHash = hashRecoveryPasskey(typed)
    return typedHash !== null && hash !== null && timingSafeEqual(hash, typedHash)
  }

  async #make(
    signedIn: SignedIn,
    visitor: Visitor,
    choice: { onlyIfDue: boolean; lost: Buffer | null },
  ): Promise<OpenedPasskey | null> {
    const { id: sessionId, accountId } = signedIn.session
    const passkey = createTypedCode(passkeyGroups)
    const hash = hashOf(passkey)
    const createdAt = this.#parts.now()
    const sealed = sealForSession(passkey, signedIn)
    return this.#noting(accountId, visitor, async (store) => {
      const put = await store.put({ accountId, hash, createdAt, sessionId, sealed }, choice)
      return put === null ? null : { passkey, mark: hash.toString('base64url'), createdAt, ...put }
    })
  }

  async #handOver(account: CheckedAccount, visitor: Visitor, choice: { onlyIfDue: boolean }) {
    const { id: accountId, passwordVersion } = account
    const passkey = createTypedCode(passkeyGroups)
    const row = { accountId, hash: hashOf(passkey), createdAt: this.#parts.now() }
    return this.#noting(accountId, visitor, async (store) =>
      (await store.putSaved(row, { ...choice, passwordVersion })) ? passkey : null,
    )
  }

  /** Adds the event that a passkey was made to the transaction that makes it, and has it told, unless `put` comes to nothing. */
  async #noting<Put>(
    accountId: string,
    visitor: Visitor,
    put: (store: RecoveryPasskeyStore) => Promise<Put | null>,
  ): Promise<Put | null> {
    const { database, wayBackChange, tellOwner, now } = this.#parts
    const news = 'recoveryPasskeyCreated'
    const done = await database.transaction(async (client) => {
      const outcome = await put(new RecoveryPasskeyStore(client))
      if (outcome === null) return null
      await wayBackChange(accountId, client)
      const event = visitorEvent(accountId, news, visitor, now())
      const isToBeTold = await new SecurityEventStore(client).addRepeatable(event)
      return { outcome, account: isToBeTold ? await new AccountStore(client).findById(accountId) : null }
    })
    if (done === null) return null
    if (done.account !== null) tellOwner(done.account, news, visitor)
    return done.outcome
  }
}

/** An id that no account has. */
const nobody = '00000000-0000-0000-0000-000000000000'

function hashOf(passkey: string): Buffer {
  const hash = hashRecoveryPasskey(passkey)
  if (hash === null) throw new Error('no recovery passkey looks like this')
  return hash
}

/** What this session may see of the passkey that the database keeps. */
function unseal(stored: StoredPasskey | null, signedIn: SignedIn): OpenedPasskey | null {
  if (stored === null || stored.sessionId !== signedIn.session.id) return null
  const { hash, sealed, createdAt, isReplacement } = stored
  if (hash === null || sealed === null) return null
  const passkey = unsealForSession(sealed, signedIn)
  return passkey === null ? null : { passkey, mark: hash.toString('base64url'), createdAt, isReplacement }
}
