import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a link carries that stood on a page of this session: no stranger can make it. @returns 22 characters */
export function linkMark(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('link an identity').digest('base64url').slice(0, 22)
}

/** Whether somebody came by such a link. */
export function isLinkMark(mark: string, sessionToken: string): boolean {
  const own = Buffer.from(linkMark(sessionToken))
  const shown = Buffer.from(mark)
  return own.length === shown.length && timingSafeEqual(own, shown)
}
