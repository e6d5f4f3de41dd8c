import type { CDPSession, Page } from 'playwright-core'

/**
 * An authenticator that Chromium makes up: it does what it is asked at once. Chromium shows no autofill for it: the
 * passkey that it has counts as picked once it is asked for.
 */
export type TestAuthenticator = {
  /** Whether somebody touches it whenever it is asked from now on; what it was asked before goes on waiting. */
  hasSomebody: (isThere: boolean) => Promise<void>
  /** Puts another in its place that keeps no passkey: what was asked before fails. */
  isSwapped: () => Promise<void>
  /** Whether it signs with the PIN or finger of its owner, or does not know them. */
  knowsOwner: (isKnown: boolean) => Promise<void>
  /** How many passkeys it keeps. */
  count: () => Promise<number>
}

const options = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const

/** Gives a window an authenticator of its own: https://w3c.github.io/webauthn/#sctn-automation */
export async function plugIn(page: Page): Promise<TestAuthenticator> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const add = () => session.send('WebAuthn.addVirtualAuthenticator', { options })
  let { authenticatorId } = await add()
  return {
    hasSomebody: async (enabled) => {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    isSwapped: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
      authenticatorId = (await add()).authenticatorId
    },
    knowsOwner: async (isUserVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    count: async () => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.length
    },
  }
}
