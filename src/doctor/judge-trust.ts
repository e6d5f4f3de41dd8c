import { broadEntries, isListed } from './address-list.js'
import type { Examination } from './examination.js'
import type { Finding } from './finding.js'

const about = 'Trust'

/** Whether TRUSTED_PROXIES names the proxy, and nobody else. */
export function judgeTrust(examination: Examination): Finding[] {
  const { plain, isDirect, commandTrustedProxies } = examination
  const { trustedProxies } = plain.settings
  return [
    isDirect ? judgeDirect(trustedProxies) : judgeProxy(plain.peerAddress, trustedProxies),
    ...judgeBreadth(plain.peerAddress, trustedProxies, isDirect),
    ...judgeSameness(trustedProxies, commandTrustedProxies),
  ]
}

function judgeDirect(trustedProxies: readonly string[]): Finding {
  if (trustedProxies.length === 0) {
    return { about, verdict: 'good', text: 'Nobody stands in between, and nobody is trusted to.' }
  }
  return {
    about,
    verdict: 'doubtful',
    text: `TRUSTED_PROXIES names ${trustedProxies.join(', ')}, but this request came past every proxy.`,
    remedy:
      'Give the address that people open: latchkey doctor --url https://login.example.com. Without a proxy, leave TRUSTED_PROXIES out.',
  }
}

function judgeProxy(address: string, trustedProxies: readonly string[]): Finding {
  if (isListed(address, trustedProxies)) {
    return {
      about,
      verdict: 'good',
      text: `The proxy comes from ${address}, and TRUSTED_PROXIES contains it.`,
    }
  }
  const named = trustedProxies.length === 0 ? 'is not set' : `names ${trustedProxies.join(', ')}`
  return {
    about,
    verdict: 'bad',
    text: `The proxy comes from ${address}, but TRUSTED_PROXIES ${named}: nothing that it says is believed.`,
    remedy: `Give the service TRUSTED_PROXIES=${[...trustedProxies, address].join(',')}.`,
  }
}

function judgeBreadth(address: string, trustedProxies: readonly string[], isDirect: boolean): Finding[] {
  const broad = broadEntries(trustedProxies)
  if (broad.length === 0 || isDirect) return []
  return [
    {
      about,
      verdict: 'doubtful',
      text: `TRUSTED_PROXIES contains ${broad.join(', ')}: each machine in there can pass for anybody.`,
      remedy: `Narrow it to the proxies alone, such as ${address}.`,
    },
  ]
}

function judgeSameness(ofService: readonly string[], ofCommand: readonly string[]): Finding[] {
  if (ofService.toSorted().join() === ofCommand.toSorted().join()) return []
  return [
    {
      about: 'Settings',
      verdict: 'doubtful',
      text: 'This command finds another TRUSTED_PROXIES than the service has. What is said here is about the service.',
      remedy:
        'Run the command with the environment of the service, or restart the service if you have just changed it.',
    },
  ]
}
