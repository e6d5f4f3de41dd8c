import { isListed } from './address-list.js'
import { forged, lastOf, valuesOf, type Examination } from './examination.js'
import type { Finding } from './finding.js'

/** Whether a client may say what only a proxy may. Without a proxy there is nothing to be judged here. */
export function judgeForgery(examination: Examination): Finding[] {
  if (examination.isDirect) return []
  return [
    judgeAddress(examination),
    judgeSingle(examination, 'X-Forwarded-Proto', forgedScheme(examination.url), 'whether it uses https'),
    judgeSingle(examination, 'X-Forwarded-Host', forged.host, 'which address links and redirects lead to'),
    judgeRemoteUser(examination),
  ]
}

/** The scheme that is not the true one. */
export function forgedScheme(url: URL): string {
  return url.protocol === 'https:' ? 'http' : 'https'
}

function judgeAddress({ forgery, ownAddresses }: Examination): Finding {
  const about = 'Forgery'
  const said = valuesOf(forgery, 'x-forwarded-for')
  const { trustedProxies } = forgery.settings
  if (said.at(-1) === forged.address) {
    return {
      about,
      verdict: 'bad',
      text: 'A client can choose the address it seems to come from: the proxy passes its X-Forwarded-For on as it is.',
      remedy: 'Let the proxy write the address it sees itself.',
      isForProxy: true,
    }
  }
  const next = said[said.indexOf(forged.address) + 1] ?? ''
  if (forgery.clientAddress === forged.address && ownAddresses.includes(next)) {
    return {
      about,
      verdict: 'doubtful',
      text: `Whether a client can forge its address cannot be told from here: what ${next} says is believed, since TRUSTED_PROXIES contains it.`,
      remedy: 'Run the doctor on another machine.',
    }
  }
  if (forgery.clientAddress === forged.address) {
    return {
      about,
      verdict: 'bad',
      text: `A client that comes from ${next} can choose the address it seems to come from, since TRUSTED_PROXIES contains ${next}.`,
      remedy: `If ${next} is a proxy, let it write X-Forwarded-For itself. If not, narrow TRUSTED_PROXIES.`,
      ...(isListed(next, trustedProxies) ? {} : { isForProxy: true as const }),
    }
  }
  return { about, verdict: 'good', text: 'A client cannot forge its address by X-Forwarded-For.' }
}

function judgeSingle({ plain, forgery }: Examination, name: string, value: string, power: string): Finding {
  const about = 'Forgery'
  const lower = name.toLowerCase()
  // What the proxy says of itself, wrong as it may be, is not forged.
  if (lastOf(forgery, lower) !== value || lastOf(plain, lower) === value) {
    return { about, verdict: 'good', text: `A client cannot forge ${name}.` }
  }
  return {
    about,
    verdict: 'bad',
    text: `A client can choose ${power}: the proxy passes its ${name} on as it is.`,
    remedy: 'Let the proxy write that header itself.',
    isForProxy: true,
  }
}

function judgeRemoteUser({ forgery }: Examination): Finding {
  const about = 'Forgery'
  const names = forgery.headers
    .filter(([, value]) => value.includes(forged.name))
    .map(([name]) => name)
    .toSorted()
  if (names.length === 0) {
    return {
      about,
      verdict: 'good',
      text: 'A client cannot forge Remote-User and its like: the proxy strips them.',
    }
  }
  return {
    about,
    verdict: 'doubtful',
    text: `What a client itself sends as ${names.join(', ')} passes through the proxy. Latchkey ignores it, but an app behind the same rules would believe it.`,
    remedy: 'Strip it wherever the proxy leads to an app that reads them.',
    isForProxy: true,
  }
}
