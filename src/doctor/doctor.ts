import { networkInterfaces } from 'node:os'
import { createRandomToken } from '../secrets/create-random-token.js'
import { hashToken } from '../secrets/hash-token.js'
import { askPublicAddress, type AskOutcome } from './ask-public-address.js'
import type { DoctorProbeStore } from './doctor-probe-store.js'
import { forged, valuesOf, type Examination } from './examination.js'
import type { Finding } from './finding.js'
import { judgeAddress } from './judge-address.js'
import { judgeClock } from './judge-clock.js'
import { judgeCookie } from './judge-cookie.js'
import { forgedScheme, judgeForgery } from './judge-forgery.js'
import { judgeForwarding } from './judge-forwarding.js'
import { judgeTrust } from './judge-trust.js'
import { plainAddress } from './plain-address.js'
import { wordFailure } from './word-failure.js'

export type Diagnosis = {
  findings: Finding[]
  /** Whether the proxy that was seen stands behind another. */
  isInner: boolean
}

/**
 * Examines the way from a browser to the service by going it: once as it is, once with forged headers. It shares
 * nothing with the service but the probes in the database.
 */
export class Doctor {
  readonly #probes: DoctorProbeStore
  readonly #trustedProxies: readonly string[]

  /** @param trustedProxies as the command reads them */
  constructor(probes: DoctorProbeStore, trustedProxies: readonly string[]) {
    this.#probes = probes
    this.#trustedProxies = trustedProxies
  }

  /** @throws DatabaseUnavailable */
  async examine(url: URL): Promise<Diagnosis> {
    const plain = await this.#ask(url, {})
    if (plain.kind !== 'answered') return { findings: [wordFailure(url, plain)], isInner: false }
    const forgery = await this.#ask(url, forgedHeaders(url))
    if (forgery.kind !== 'answered') return { findings: [wordFailure(url, forgery)], isInner: false }

    const { sighting, hasHsts, localAddress, localPort } = plain
    const examination: Examination = {
      url,
      plain: sighting,
      forgery: forgery.sighting,
      isDirect: sighting.peerPort === localPort && sighting.peerAddress === plainAddress(localAddress),
      ownAddresses: ownAddresses(),
      hasHsts,
      commandTrustedProxies: this.#trustedProxies,
    }
    return {
      findings: [
        ...judgeAddress(examination),
        ...judgeTrust(examination),
        ...judgeForwarding(examination),
        ...judgeForgery(examination),
        judgeCookie(examination),
        judgeClock(examination),
      ],
      isInner: valuesOf(sighting, 'x-forwarded-for').length > 1,
    }
  }

  async #ask(url: URL, headers: Record<string, string>): Promise<AskOutcome> {
    const probe = createRandomToken()
    await this.#probes.add([hashToken(probe)])
    return askPublicAddress(url, probe, headers)
  }
}

function forgedHeaders(url: URL): Record<string, string> {
  return {
    'X-Forwarded-For': forged.address,
    'X-Forwarded-Proto': forgedScheme(url),
    'X-Forwarded-Host': forged.host,
    'Remote-User': forged.name,
    'Remote-Name': forged.name,
    'Remote-Email': `${forged.name}@${forged.host}`,
    'Remote-Groups': forged.name,
    // Many frameworks take this for the same.
    Remote_User: forged.name,
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address))
}
