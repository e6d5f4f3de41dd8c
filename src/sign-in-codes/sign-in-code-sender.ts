import type { Account } from '../accounts/account-store.js'
import type { KnownDevices } from '../attempts/known-devices.js'
import type { ValidEmail } from '../email-codes/address-claim.js'
import type { EmailCodeKeeper, IssuedCode } from '../email-codes/email-code-keeper.js'
import {
  emailCodeLetter,
  wordEmailCodeLetter,
  type EmailCodeOccasion,
} from '../email-codes/email-code-letter.js'
import type { View } from '../http/view.js'
import type { Letter } from '../mail/letter.js'
import type { Mailer } from '../mail/mailer.js'
import { purposeOf } from '../second-factor/step-place.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { MailedSignInStore } from './mailed-sign-in-store.js'
import type { MailedSignIn, Unsent } from './mailed-sign-in.js'

const purpose = 'signIn'

export type SendingSignIn = Pick<
  MailedSignIn,
  'id' | 'token' | 'account' | 'firstFactor' | 'sessionId' | 'isAddressConfirmed'
>

export type SignInCodeSenderParts = {
  mailedSignInStore: MailedSignInStore
  knownDevices: KnownDevices
  emailCodeKeeper: EmailCodeKeeper
  mailer: Pick<Mailer, 'send'>
  securityEventRecorder: SecurityEventRecorder
  view: View
  serviceName: string
  now: () => Date
}

/** Mails the code that signing in asks for, and waits until the mail server has it: only then does its time begin. */
export class SignInCodeSender {
  readonly #parts: SignInCodeSenderParts

  constructor(parts: SignInCodeSenderParts) {
    this.#parts = parts
  }

  /**
   * Asks of strangers are counted together; a browser that the account knows counts for itself, so that whoever has the
   * password takes none from the owner. What came of it is noted; when none was sent, a code from before counts as long as it
   * did.
   *
   * @param address where it goes: the account's, or the one that is to be
   * @param isToBeRead false for an address that is another account's: the code is made and counted, and sent to no one
   * @returns why it was not sent; null when it was
   * @throws DatabaseUnavailable
   */
  async send(
    pending: SendingSignIn,
    address: ValidEmail,
    visitor: Visitor,
    isToBeRead = true,
  ): Promise<Unsent | null> {
    const { mailedSignInStore, securityEventRecorder, now } = this.#parts
    const unsent = await this.#try(pending, address, visitor, isToBeRead)
    await mailedSignInStore.noteSending(pending.id, unsent)
    if (unsent !== null) return unsent
    const { account, firstFactor } = pending
    securityEventRecorder.note(visitorEvent(account.id, 'signInCodeAsked', visitor, now(), firstFactor.kind))
    return null
  }

  async #try(
    { id, token, account, sessionId, isAddressConfirmed }: SendingSignIn,
    { email, canonical }: ValidEmail,
    { deviceToken, clientAddress }: Visitor,
    isToBeRead: boolean,
  ): Promise<Unsent | null> {
    const { knownDevices, emailCodeKeeper, mailer } = this.#parts
    const deviceId = await knownDevices.find(account.id, deviceToken)
    const refusal = await emailCodeKeeper.admit(purpose, clientAddress)
    if (refusal !== null && deviceId === null) return this.#tooMany(refusal)
    const insider = isAddressConfirmed ? nameInsider(account, deviceId) : null
    const ask = { purpose, accountId: account.id, canonicalEmail: canonical, insider } as const
    const issued = await emailCodeKeeper.issue({ ...ask, bearerId: id, bearerSecret: token, email })
    if (issued.kind === 'tooMany') return this.#tooMany(issued)
    const occasion = isAddressConfirmed
      ? ({ purpose: purposeOf({ sessionId }), username: account.username } as const)
      : ({ purpose: 'confirmEmail' } as const)
    const letter = await this.#write(email, issued, occasion)
    const { kind } = isToBeRead ? await mailer.send(letter) : ({ kind: 'sent' } as const)
    // A letter that mostly arrives keeps its code, and counts: giving its ask back would let letters go out without end.
    if (kind === 'sent' || kind === 'unanswered') {
      await emailCodeKeeper.startTime(issued)
      return null
    }
    await emailCodeKeeper.takeBack(issued, ask)
    return { kind: kind === 'refused' ? 'mailRefused' : 'mailFailed' }
  }

  #tooMany({ retryAfterSeconds }: { retryAfterSeconds: number }): Unsent {
    const retryAt = new Date(this.#parts.now().getTime() + retryAfterSeconds * 1000)
    return { kind: 'tooManyCodes', retryAt }
  }

  async #write(
    to: string,
    { code, validitySeconds }: IssuedCode,
    occasion: EmailCodeOccasion,
  ): Promise<Letter> {
    const { view, serviceName } = this.#parts
    const values = { serviceName, to, code, validitySeconds, ...occasion }
    const { subject, ...words } = wordEmailCodeLetter(values)
    const html = await view('email-codes/letter', { title: subject, layout: 'letter', ...words })
    return { ...emailCodeLetter(values), html }
  }
}

/**
 * Whoever makes accounts up and gives this address as theirs uses up none of its codes; nor does whoever knew a former
 * password use up those of a new one.
 */
function nameInsider({ id, passwordVersion }: Account, deviceId: string | null): string {
  return deviceId === null ? `account ${id} v${passwordVersion}` : `device ${deviceId}`
}
