/** A page of sign-in that remembers where the browser is going, such as `/login?redirectUrl=…`. */
export function signInAddress(path: '/login' | '/register' | '/logout', redirectUrl: string): string {
  return redirectUrl === '' ? path : `${path}?redirectUrl=${encodeURIComponent(redirectUrl)}`
}
