/** A page on the way that remembers where the browser is going, such as `/login?redirectUrl=…`; the path may have a query. */
export function signInAddress(path: `/${string}`, redirectUrl: string): string {
  if (redirectUrl === '') return path
  return `${path}${path.includes('?') ? '&' : '?'}redirectUrl=${encodeURIComponent(redirectUrl)}`
}
