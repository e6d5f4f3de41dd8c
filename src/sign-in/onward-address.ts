import type { App } from '../sibling-apps/app-at.js'
import { signInAddress } from './sign-in-address.js'

/** A page of Latchkey that leads on to an app, as `signInAddress` writes it; the mere page for who goes to no app. */
export function onwardAddress(path: `/${string}`, app: App | null): string {
  return signInAddress(path, app?.url ?? '')
}
