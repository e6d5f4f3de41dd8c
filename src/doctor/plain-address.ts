/** An address as its owner knows it: a server that listens on `::` sees IPv4 addresses in the clothes of IPv6. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}
