import type { FastifyReply } from 'fastify'

/** Addresses from which a page may load, beside Latchkey's own. */
export type ContentSources = {
  scripts: readonly string[]
  styles: readonly string[]
  frames: readonly string[]
  connections: readonly string[]
}

/**
 * Lets the page of one answer load from further addresses: Content Security Policy Level 3, section 6.1. All other
 * answers stay as strict as they are.
 */
export function widenContentSecurityPolicy(reply: FastifyReply, sources: ContentSources): void {
  const further = new Map([
    ['script-src', sources.scripts],
    ['style-src', sources.styles],
    ['frame-src', sources.frames],
    ['connect-src', sources.connections],
  ])
  const directives = String(reply.getHeader('content-security-policy'))
    .split('; ')
    .map((directive) => {
      const [name = ''] = directive.split(' ')
      const added = further.get(name) ?? []
      further.delete(name)
      return [directive, ...added].join(' ')
    })
  for (const [name, added] of further) if (added.length > 0) directives.push([name, ...added].join(' '))
  reply.header('content-security-policy', directives.join('; '))
}
