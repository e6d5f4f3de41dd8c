import type { CDPSession, Page } from 'playwright-core'

/** An authenticator that Chromium makes up: it does what it is asked at once. */
export type TestAuthenticator = {
  /** Whether it signs with the PIN or finger of its owner, or does not know them. */
  knowsOwner: (isKnown: boolean) => Promise<void>
  /** How many passkeys it keeps. */
  count: () => Promise<number>
}

/** Gives a window an authenticator of its own: https://w3c.github.io/webauthn/#sctn-automation */
export async function plugIn(page: Page): Promise<TestAuthenticator> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    knowsOwner: async (isUserVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    count: async () => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.length
    },
  }
}
