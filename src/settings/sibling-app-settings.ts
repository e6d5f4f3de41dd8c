import type { AccessRule } from '../sibling-apps/access-rules.js'
import { judgeCookieDomain } from '../sibling-apps/judge-cookie-domain.js'
import { parseOriginPattern } from '../sibling-apps/origin-pattern.js'
import { parseAccessRules } from '../sibling-apps/parse-access-rules.js'
import type { Environment } from './environment.js'

/** Reads which apps Latchkey signs people in for, and who may enter them; complaints go to `environment`. */
export function readSiblingAppSettings(environment: Environment, publicOrigin: string | null) {
  return {
    cookieDomain: readCookieDomain(environment, publicOrigin),
    allowedRedirectOrigins: readAllowedRedirectOrigins(environment),
    accessRules: readAccessRules(environment),
  }
}

function readCookieDomain(environment: Environment, publicOrigin: string | null): string | null {
  const text = environment.text('COOKIE_DOMAIN')
  if (text === null) return null
  if (publicOrigin === null) {
    // One that is there and wrong is complained of already.
    if (environment.text('PUBLIC_URL') === null)
      environment.report('COOKIE_DOMAIN needs PUBLIC_URL too, an address on a host of that domain.')
    return null
  }
  const outcome = judgeCookieDomain(text, publicOrigin)
  switch (outcome.kind) {
    case 'valid':
      return outcome.domain
    case 'malformed':
      environment.report(`COOKIE_DOMAIN must be a domain such as example.com, not "${text}".`)
      return null
    case 'address':
      environment.report(`COOKIE_DOMAIN must be a domain, not "${text}": addresses cannot share a cookie.`)
      return null
    case 'publicSuffix':
      environment.report(
        `COOKIE_DOMAIN must not be "${text}": anybody can have a name below it, so browsers refuse such a cookie.`,
      )
      return null
    case 'notOurs':
      environment.report(
        `COOKIE_DOMAIN is "${text}", but ${outcome.hostname} of PUBLIC_URL does not lie in that domain.`,
      )
      return null
  }
}

function readAccessRules(environment: Environment): AccessRule[] {
  const { rules, problems } = parseAccessRules(environment.text('ACCESS_RULES') ?? '')
  for (const problem of problems) environment.report(`ACCESS_RULES, ${problem}`)
  return rules
}

function readAllowedRedirectOrigins(environment: Environment) {
  return environment.list('ALLOWED_REDIRECT_ORIGINS').flatMap((text) => {
    const pattern = parseOriginPattern(text)
    if (pattern !== null) return [pattern]
    environment.report(
      `ALLOWED_REDIRECT_ORIGINS takes origins such as https://app.example.com or https://*.example.com, not "${text}".`,
    )
    return []
  })
}
