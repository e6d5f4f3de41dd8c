import { isIPv4, isIPv6 } from 'node:net'

/**
 * The part of a client address that one household has to itself: an IPv4 address, or the /64 of an IPv6 address,
 * within which anybody can change addresses at will.
 *
 * @param told as the connection or a trusted proxy tells it
 * @returns such as `192.0.2.7` or `2001:db8:1:2::/64`; the same for all that is no address
 */
export function addressNetwork(told: string): string {
  const address = withoutPort(told)
  if (!isIPv6(address)) return isIPv4(address) ? address : 'unknown'
  const groups = expand(address)
  const [high = 0, low = 0] = groups.slice(6)
  // An IPv4 client on a socket that speaks both (RFC 4291, section 2.5.5.2).
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** Some proxies tell it with the port of the connection, as in `192.0.2.7:50000` or `[2001:db8::1]:50000`. */
function withoutPort(told: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/.exec(told) ?? []
  return bracketed ?? plain ?? told
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
  const [withoutZone = ''] = address.split('%')
  // URL writes every address in one way: hexadecimal, with at most one gap (RFC 5952).
  const [head = [], tail] = new URL(`http://[${withoutZone}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')))
  const gap = tail === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...gap, ...(tail ?? [])].map((group) => Number.parseInt(group, 16))
}
