import { isIPv4 } from 'node:net'

/**
 * Whether a host is named by its IP address.
 * @param hostname as `URL` gives it: IPv6 in brackets, IPv4 in the usual four numbers
 */
export function isIpHostname(hostname: string): boolean {
  // Not by `isIP`: its expression for IPv6 takes a start 10 ms to compile.
  return hostname.startsWith('[') || isIPv4(hostname)
}
