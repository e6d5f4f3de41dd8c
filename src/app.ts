import type { FastifyInstance } from 'fastify'
import type { AppParts, Site } from './app/app-parts.js'
import { buildAttempts } from './app/build-attempts.js'
import { buildCaptcha } from './app/build-captcha.js'
import { buildCredentials } from './app/build-credentials.js'
import { buildAuthenticatorAppPages } from './app/build-authenticator-app-pages.js'
import { buildAuthenticatorApp } from './app/build-authenticator-app.js'
import { buildConfirmPage } from './app/build-confirm-page.js'
import { buildEmailCodes } from './app/build-email-codes.js'
import { buildForgotPassword } from './app/build-forgot-password.js'
import { buildGround } from './app/build-ground.js'
import { buildOpenidSignIn } from './app/build-openid-sign-in.js'
import { buildPasskeyPages } from './app/build-passkey-pages.js'
import { buildPasskeys } from './app/build-passkeys.js'
import { buildPeople } from './app/build-people.js'
import { buildProfile } from './app/build-profile.js'
import { buildRecoveryCodePages } from './app/build-recovery-code-pages.js'
import { buildRecoveryCodes } from './app/build-recovery-codes.js'
import { buildRecovery } from './app/build-recovery.js'
import { buildSecondFactorPages } from './app/build-second-factor-pages.js'
import { buildSecondFactor } from './app/build-second-factor.js'
import { buildSecurityQuestions } from './app/build-security-questions.js'
import { buildSiblingApps } from './app/build-sibling-apps.js'
import { buildSignIn } from './app/build-sign-in.js'
import { buildSudoMode } from './app/build-sudo-mode.js'
import { buildTokens } from './app/build-tokens.js'
import { buildWebauthnStepPages } from './app/build-webauthn-step-pages.js'
import { buildWebauthn } from './app/build-webauthn.js'
import type { Floor } from './app/floor.js'
import { createServer } from './http/server.js'

const hashingDelayMs = 1000

export type { AppParts }

/** Builds all rooms and joins them, ground floor first. Closing the server closes what was opened here. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const site: Site = { now: () => new Date(), ...parts, view: (...page) => app.view(...page) }
  const { config, logger } = site
  const ground = buildGround(site)
  const people = buildPeople(site, ground)
  const attempts = buildAttempts(site)
  const captcha = buildCaptcha({ site, ground, attempts })
  const siblingApps = buildSiblingApps({ site, ground, people })
  const passkeys = buildPasskeys(site, people)
  const tokens = buildTokens({ site, ground, people, siblingApps })
  const emailCodes = buildEmailCodes({ site, people, attempts })
  const authenticatorApp = buildAuthenticatorApp(site)
  const credentials = buildCredentials(site, ground, people)
  const recoveryCodes = buildRecoveryCodes(site, people)
  const secondFactor = buildSecondFactor({
    site,
    ground,
    people,
    attempts,
    emailCodes,
    authenticatorApp,
    credentials,
    recoveryCodes,
  })
  const signIn = buildSignIn({
    site,
    ground,
    people,
    attempts,
    captcha,
    siblingApps,
    passkeys,
    secondFactor,
    tokens,
  })
  const sudo = buildSudoMode({ site, ground, people, attempts, credentials, secondFactor, signIn })
  const secondFactorPages = buildSecondFactorPages({
    site,
    siblingApps,
    signIn,
    sudo,
    emailCodes,
    secondFactor,
  })
  const recoveryCodePages = buildRecoveryCodePages({ site, recoveryCodes, secondFactorPages })
  const passkeyPages = buildPasskeyPages({
    site,
    ground,
    people,
    attempts,
    signIn,
    sudo,
    passkeys,
    siblingApps,
  })
  const openidSignIn = buildOpenidSignIn({
    site,
    ground,
    people,
    attempts,
    siblingApps,
    secondFactor,
    signIn,
    sudo,
  })
  const authenticatorAppPages = buildAuthenticatorAppPages({
    site,
    people,
    passkeys,
    signIn,
    sudo,
    authenticatorApp,
    secondFactorPages,
    recoveryCodePages,
  })
  const webauthnStepPages = buildWebauthnStepPages({
    site,
    people,
    credentials,
    passkeys,
    signIn,
    sudo,
    secondFactorPages,
    recoveryCodePages,
  })
  const webauthn = buildWebauthn({
    site,
    people,
    attempts,
    credentials,
    siblingApps,
    passkeys,
    secondFactor,
    signIn,
    sudo,
  })
  const proofWays = [...webauthn.proofWays, ...openidSignIn.proofWays]
  const confirmPage = buildConfirmPage({ site, people, secondFactor, signIn, sudo, proofWays })
  const recovery = buildRecovery({ site, ground, people, attempts, emailCodes, passkeys })
  const forgotPassword = buildForgotPassword({ site, people, siblingApps, signIn, recovery })
  const securityQuestions = buildSecurityQuestions({ site, ground, people, signIn, sudo, passkeys })
  const profile = buildProfile({
    site,
    ground,
    people,
    signIn,
    passkeys,
    emailCodes,
    secondFactor,
    sudo,
  })
  const floors: Floor[] = [
    ground,
    people,
    attempts,
    captcha,
    siblingApps,
    tokens,
    emailCodes,
    authenticatorApp,
    secondFactor,
    signIn,
    sudo,
    secondFactorPages,
    recoveryCodePages,
    authenticatorAppPages,
    webauthnStepPages,
    passkeyPages,
    openidSignIn,
    webauthn,
    confirmPage,
    recovery,
    forgotPassword,
    securityQuestions,
    profile,
  ]

  const app = await createServer(
    {
      ...config,
      logger,
      formTargets: () => siblingApps.allowedOrigins.sources,
      shortcut: (req, res, headers) => siblingApps.gateShortcut.answer(req, res, headers),
    },
    (server) => {
      for (const handler of floors.flatMap(({ handlers }) => handlers)) handler.addRoutes(server)
    },
  )

  const upkeep = floors.flatMap((floor) => floor.upkeep)
  app.addHook('onReady', async () => {
    for (const work of upkeep) await work.start?.()
  })
  app.addHook('onListen', async () => {
    // Whoever signs in earlier starts it; everybody else would wait for their first page while it takes the processor.
    setTimeout(() => ground.passwordHasher.start(), hashingDelayMs).unref()
    if (config.sessions.cacheSize > 0) people.sessionChanges.start(people.sessionCache)
  })
  app.addHook('onClose', async () => {
    await people.sessionChanges.close()
    // Upper floors first: what they still have to say goes through those below.
    for (const work of upkeep.toReversed()) await work.stop()
    await ground.passwordHasher.close()
  })
  return app
}
