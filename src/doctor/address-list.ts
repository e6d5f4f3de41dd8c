import { BlockList, isIP } from 'node:net'

/** Whether an address lies in a list of addresses and networks, as TRUSTED_PROXIES is written. */
export function isListed(address: string, list: readonly string[]): boolean {
  const family = familyOf(address)
  if (family === null) return false
  const block = new BlockList()
  for (const entry of list) {
    const [network = '', prefix] = entry.split('/')
    const entryFamily = familyOf(network)
    if (entryFamily === null) continue
    if (prefix === undefined) block.addAddress(network, entryFamily)
    else block.addSubnet(network, Number(prefix), entryFamily)
  }
  return block.check(address, family)
}

/** The entries that hold more addresses than a home or a container network of its own has: over 256, or over a /64. */
export function broadEntries(list: readonly string[]): string[] {
  return list.filter((entry) => {
    const [network = '', prefix] = entry.split('/')
    return prefix !== undefined && Number(prefix) < (isIP(network) === 4 ? 24 : 64)
  })
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const family = isIP(address)
  return family === 0 ? null : family === 4 ? 'ipv4' : 'ipv6'
}
