import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a person's browser asks for a page, by the rule of Authelia, which proxies and apps are used to: a script that
 * says so does not, nor what sends no `Accept`; `*\/*` counts only in the first place, where browsers never put it but
 * simple clients do.
 */
export function wantsHtml(headers: IncomingHttpHeaders): boolean {
  const requestedWith = headers['x-requested-with']
  if (typeof requestedWith === 'string' && requestedWith.toLowerCase() === 'xmlhttprequest') return false
  return headers.accept !== undefined && headers.accept.split(',').some(namesHtml)
}

function namesHtml(range: string, index: number): boolean {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const isNamed = type === 'text/html' || (index === 0 && type === '*/*')
  return isNamed && !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter))
}
