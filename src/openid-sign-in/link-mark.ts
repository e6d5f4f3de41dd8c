import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a link carries that stood on a page of this session: no other site can write one, nor lead through one. @returns 22 characters */
export function linkMark(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('link an identity').digest('base64url').slice(0, 22)
}

/** Whether somebody came by such a link. */
export function isLinkMark(mark: string, sessionToken: string): boolean {
  const [own, shown] = [linkMark(sessionToken), mark].map((each) => Buffer.from(each)) as [Buffer, Buffer]
  return own.length === shown.length && timingSafeEqual(own, shown)
}
