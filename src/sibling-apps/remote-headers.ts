import type { Session } from '../sessions/session-store.js'

export type RemoteHeaders = Record<'remote-user' | 'remote-name' | 'remote-email' | 'remote-groups', string>

/**
 * What apps behind a proxy learn about the person, under Authelia's names. All four are always there: a proxy that
 * copies only the headers it gets would let those of the client through.
 *
 * `Remote-User` is the name as it was registered, whatever spelling was typed at sign-in. It is stored once, and no
 * other account can have one that differs by case or look, so an app never sees two spellings of one person.
 * `Remote-Name` is what its owner wants to be called, which anybody may choose: it is for showing only.
 */
export function remoteHeaders(
  session: Pick<Session, 'username' | 'displayName' | 'email' | 'groups'>,
): RemoteHeaders {
  return {
    'remote-user': encodeHeaderValue(session.username),
    'remote-name': encodeHeaderValue(session.displayName ?? session.username),
    'remote-email': encodeHeaderValue(session.email ?? ''),
    'remote-groups': session.groups.map(encodeGroup).join(','),
  }
}

// Node refuses what is above U+00FF and sends the rest above ASCII as Latin-1, which apps read as broken UTF-8.
function encodeHeaderValue(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? encodePercentSigns(value) : encodeURIComponent(value)
}

// Otherwise an app that decodes what it gets would read "100%25" as "100%". All else stays for those that do not.
function encodePercentSigns(value: string): string {
  return value.includes('%') ? value.replaceAll('%', '%25') : value
}

// A comma within a name would make two groups of it.
function encodeGroup(group: string): string {
  return /^[\x21-\x2b\x2d-\x7e]*$/.test(group) ? encodePercentSigns(group) : encodeURIComponent(group)
}
