import type { Errand } from './errand.js'

/** Where a browser sets out to another service, and where all of them come back to. */
export const setOutPaths: { [purpose in Errand['purpose']]: `/${string}` } = {
  signIn: '/login/openid',
  link: '/profile/openid/link',
  prove: '/profile/confirm/openid',
}

export const callbackPath = '/login/openid/callback'
