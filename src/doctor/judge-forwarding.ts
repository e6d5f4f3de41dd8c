import { isListed } from './address-list.js'
import { lastOf, valuesOf, type Examination } from './examination.js'
import type { Finding } from './finding.js'

type Bad = { text: string; remedy: string; isForProxy?: true }

const trustFirst = 'Mend TRUSTED_PROXIES, above.'

/** Whether scheme, host and client address arrive as they are. */
export function judgeForwarding(examination: Examination): Finding[] {
  return [judgeScheme(examination), judgeHost(examination), judgeClientAddress(examination)]
}

function judgeScheme(examination: Examination): Finding {
  const { url, plain } = examination
  const actual = url.protocol.slice(0, -1)
  if (plain.scheme === actual) return { about: 'Scheme', verdict: 'good', text: `Latchkey sees ${actual}.` }
  const said = lastOf(plain, 'x-forwarded-proto')
  const start = `People open ${actual}, but Latchkey sees ${plain.scheme}:`
  const bad: Bad =
    said === null
      ? {
          text: `${start} the proxy sends no X-Forwarded-Proto.`,
          remedy: 'Add that line to the proxy.',
          isForProxy: true,
        }
      : said === actual
        ? { text: `${start} what the proxy says is not believed.`, remedy: trustFirst }
        : {
            text: `${start} the proxy says X-Forwarded-Proto: ${said}.`,
            remedy:
              'Let it say the scheme that people use; behind another proxy, let it hand on what that one says.',
            isForProxy: true,
          }
  return { about: 'Scheme', verdict: 'bad', ...bad }
}

function judgeHost({ url, plain }: Examination): Finding {
  const seen = plain.host.toLowerCase()
  if (
    seen === url.host ||
    (url.port === '' && seen === `${url.host}:${url.protocol === 'https:' ? 443 : 80}`)
  ) {
    return { about: 'Host', verdict: 'good', text: `Latchkey sees ${url.host}.` }
  }
  const isSaid = lastOf(plain, 'x-forwarded-host')?.toLowerCase() === url.host
  const bad: Bad = isSaid
    ? { text: `The proxy changes the host to ${seen} and says so, but is not believed.`, remedy: trustFirst }
    : seen === url.hostname
      ? {
          text: `The proxy leaves the port out: ${seen} instead of ${url.host}.`,
          remedy: 'Let it pass the host with its port ($http_host in nginx).',
          isForProxy: true,
        }
      : {
          text: `The proxy changes the host: Latchkey sees ${seen} instead of ${url.host}.`,
          remedy: 'Let it pass the host on as it is.',
          isForProxy: true,
        }
  return { about: 'Host', verdict: 'bad', ...bad }
}

function judgeClientAddress(examination: Examination): Finding {
  const { plain, isDirect, ownAddresses } = examination
  const about = 'Client'
  const { clientAddress, peerAddress, settings } = plain
  const said = valuesOf(plain, 'x-forwarded-for')
  if (isDirect)
    return { about, verdict: 'good', text: `Latchkey sees this machine's address, ${clientAddress}.` }
  if (said.length === 0) {
    return {
      about,
      verdict: 'bad',
      text: `The proxy sends no X-Forwarded-For: everybody seems to come from ${peerAddress}.`,
      remedy: 'Add that line to the proxy.',
      isForProxy: true,
    }
  }
  if (!isListed(peerAddress, settings.trustedProxies)) {
    const text = `The proxy says X-Forwarded-For: ${said.join(', ')}, but is not believed: everybody seems to come from ${peerAddress}.`
    return { about, verdict: 'bad', text, remedy: trustFirst }
  }
  if (ownAddresses.includes(clientAddress)) {
    return { about, verdict: 'good', text: `Latchkey sees this machine's address, ${clientAddress}.` }
  }
  if (isListed(clientAddress, settings.trustedProxies)) {
    return {
      about,
      verdict: 'doubtful',
      text: `Latchkey takes ${clientAddress} for the client, which TRUSTED_PROXIES contains.`,
      remedy:
        'If that is another proxy, let it send X-Forwarded-For as well. If people come from there, narrow TRUSTED_PROXIES.',
    }
  }
  return {
    about,
    verdict: 'good',
    text: `Latchkey sees ${clientAddress}, which should be this machine as the network outside knows it.`,
  }
}
