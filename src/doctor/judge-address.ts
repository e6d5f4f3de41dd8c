import type { Examination } from './examination.js'
import type { Finding } from './finding.js'

/** Whether the public address leads here, is the one of the setting, and keeps passwords from being read on the way. */
export function judgeAddress({ url, plain, isDirect, hasHsts }: Examination): Finding[] {
  const way = isDirect ? 'directly: there is no proxy in between' : `through a proxy at ${plain.peerAddress}`
  const reached: Finding = {
    about: 'Address',
    verdict: 'good',
    text: `${url.origin} leads to Latchkey, ${way}.`,
  }
  return [reached, judgePublicUrl(url, plain.settings.publicOrigin), judgeHttps(url, hasHsts)]
}

function judgePublicUrl(url: URL, publicOrigin: string | null): Finding {
  const about = 'PUBLIC_URL'
  const remedy = `Give the service PUBLIC_URL=${url.origin}`
  if (publicOrigin === url.origin) return { about, verdict: 'good', text: 'The service knows this address.' }
  if (publicOrigin !== null) {
    const text = `The service takes ${publicOrigin} for its address and would send people there.`
    return { about, verdict: 'bad', text, remedy: `${remedy}, if that is what people open.` }
  }
  const text = 'The service is not told its address and goes by what each request says.'
  return { about, verdict: 'doubtful', text, remedy: `${remedy}.` }
}

function judgeHttps(url: URL, hasHsts: boolean): Finding {
  const about = 'HTTPS'
  if (url.protocol === 'https:') {
    if (hasHsts)
      return {
        about,
        verdict: 'good',
        text: 'The certificate is valid, and browsers are told to stay on https.',
      }
    const text =
      'No Strict-Transport-Security came back, which Latchkey sends once it knows that people use https.'
    return {
      about,
      verdict: 'doubtful',
      text,
      remedy: 'Mend PUBLIC_URL or the scheme; or the proxy removes that header.',
    }
  }
  if (/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    return { about, verdict: 'good', text: 'Not needed: this address is reached from this machine only.' }
  }
  const text = 'Passwords and sessions cross the network readable by everybody on the way.'
  return {
    about,
    verdict: 'bad',
    text,
    remedy: 'Let the proxy offer https, and set PUBLIC_URL to the https address.',
  }
}
