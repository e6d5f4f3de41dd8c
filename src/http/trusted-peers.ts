import { BlockList, isIPv6, type Socket } from 'node:net'

/** Tells whether a connection comes straight from one of the proxies that the operator listed. */
export class TrustedPeers {
  readonly #list = new BlockList()
  /** Proxies keep their connections open; the verdict is that of the connection. */
  readonly #verdicts = new WeakMap<Socket, boolean>()

  /** @param entries addresses and networks, as checked by the settings */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const [address = '', prefix] = entry.split('/')
      const family = isIPv6(address) ? 'ipv6' : 'ipv4'
      if (prefix === undefined) this.#list.addAddress(address, family)
      else this.#list.addSubnet(address, Number(prefix), family)
    }
  }

  trusts(socket: Socket): boolean {
    const known = this.#verdicts.get(socket)
    if (known !== undefined) return known
    const verdict = this.#lists(socket.remoteAddress)
    this.#verdicts.set(socket, verdict)
    return verdict
  }

  #lists(address: string | undefined): boolean {
    // Link-local addresses come with the interface behind a percent sign.
    const [bare = ''] = (address ?? '').split('%')
    return bare !== '' && this.#list.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4')
  }
}
