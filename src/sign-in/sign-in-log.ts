import type { FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { LoginResult } from './user-authenticator.js'

/** What the log tells of somebody; never what was typed, which may be a password in the wrong field. */
export function describeAccount(req: FastifyRequest, account: Account) {
  return { accountId: account.id, username: account.username, clientAddress: req.ip }
}

/** Writes down why somebody was not signed in; nothing for who was let through. */
export function logRefusedLogin(req: FastifyRequest, result: LoginResult): void {
  const visitor = { clientAddress: req.ip }
  switch (result.kind) {
    case 'success':
    case 'secondStepDue':
    case 'busy':
      return
    case 'coolingDown':
    case 'addressCoolingDown':
      req.log.info(visitor, 'sign-in was refused: too many failed attempts')
      return
    case 'captchaNeeded':
      req.log.info(visitor, 'sign-in was refused: no captcha was solved')
      return
    case 'locked':
      req.log.warn(visitor, 'sign-in was refused: locked')
      return
    case 'usernameNotFound':
      req.log.info(visitor, 'sign-in was refused: no such account')
      return
    case 'incorrectPassword':
      req.log.info(describeAccount(req, result.account), 'sign-in was refused: wrong password')
  }
}
