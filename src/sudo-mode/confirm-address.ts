import { signInAddress } from '../sign-in/sign-in-address.js'

export const confirmPath = '/profile/confirm'

/** The page on which one proves again who one is. @param redirectUrl where it leads afterwards */
export function confirmAddress(redirectUrl: string): string {
  return signInAddress(confirmPath, redirectUrl)
}

/** The same for who was about to, and has to begin again. */
export function confirmAnewAddress(redirectUrl: string): string {
  return signInAddress(`${confirmPath}?over=yes`, redirectUrl)
}
