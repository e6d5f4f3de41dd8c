/** A page on the way that remembers where the browser is going, such as `/login?redirectUrl=…`. */
export function signInAddress(path: `/${string}`, redirectUrl: string): string {
  return redirectUrl === '' ? path : `${path}?redirectUrl=${encodeURIComponent(redirectUrl)}`
}
