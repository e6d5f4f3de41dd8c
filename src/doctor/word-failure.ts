import type { AskOutcome } from './ask-public-address.js'
import type { Finding } from './finding.js'

const certificateCodes = /CERT|SIGNATURE|ALTNAME|SELF_SIGNED|UNABLE_TO_/

/** Says why the public address does not lead to this service. */
export function wordFailure(url: URL, outcome: Exclude<AskOutcome, { kind: 'answered' }>): Finding {
  return { about: 'Address', verdict: 'bad', ...word(url.origin, outcome) }
}

function word(address: string, outcome: Exclude<AskOutcome, { kind: 'answered' }>) {
  switch (outcome.kind) {
    case 'redirected':
      return {
        text: `${address} sends everybody on to ${outcome.location}.`,
        remedy:
          'If that is where people sign in, set PUBLIC_URL to it; if not, take the redirect out of the proxy.',
      }
    case 'unknownProbe':
      return {
        text: `A Latchkey answers at ${address}, but it does not know of this command.`,
        remedy:
          'It has another database (compare DATABASE_URL and DATA_FOLDER), or the proxy drops the Authorization header.',
      }
    case 'notLatchkey':
      return wordStatus(address, outcome.statusCode)
    case 'unreachable':
      return wordCode(address, outcome.code, outcome.message)
  }
}

function wordStatus(address: string, statusCode: number) {
  if (statusCode >= 502 && statusCode <= 504) {
    return {
      text: `The proxy at ${address} answers ${statusCode}: it does not reach Latchkey.`,
      remedy: 'Start the service, and compare the address in the proxy with HOST and PORT.',
    }
  }
  if (statusCode === 401 || statusCode === 403) {
    return {
      text: `Something in front answers ${statusCode} at ${address}.`,
      remedy: 'The address of Latchkey itself must not be behind a sign-in or a filter.',
    }
  }
  return {
    text: `Something answers ${statusCode} at ${address}, but it is not this release of Latchkey.`,
    remedy: 'Let the proxy send this host, with all its paths, to the service.',
  }
}

function wordCode(address: string, code: string, message: string) {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      text: `The name in ${address} cannot be looked up.`,
      remedy: 'Mend its DNS entry, or PUBLIC_URL.',
    }
  }
  if (code === 'ECONNREFUSED') {
    return { text: `Nothing listens at ${address}.`, remedy: 'Start the proxy, or open its port.' }
  }
  if (certificateCodes.test(code)) {
    return {
      text: `The certificate of ${address} is not accepted: ${message}.`,
      remedy:
        'Browsers would refuse it too. If it is from an authority of your own, name that in NODE_EXTRA_CA_CERTS.',
    }
  }
  if (code === 'ABORT_ERR' || code === 'ETIMEDOUT' || code === '23') {
    return {
      text: `${address} does not answer in time.`,
      remedy: 'Look for a firewall, or a proxy that waits.',
    }
  }
  return {
    text: `${address} cannot be reached: ${message}.`,
    remedy: 'Compare it with what the proxy offers.',
  }
}
