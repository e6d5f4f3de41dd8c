// The ceremonies of Web Authentication: the page holds what to ask the browser for, and takes its answer in a form.
const form = document.querySelector('form[data-ceremony]')

const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const encodeAll = (fields) => Object.fromEntries(Object.entries(fields).map(([name, bytes]) => [name, encode(bytes)]))
const decodeIds = (list) => list.map((each) => ({ ...each, id: decode(each.id) }))

/** @param how `mediation` and `signal`, where it is not asked for at once */
export const getAssertion = async (publicKey, how = {}) => {
  const { challenge, allowCredentials } = publicKey
  const options = { ...publicKey, challenge: decode(challenge), allowCredentials: decodeIds(allowCredentials) }
  const { rawId, response } = await navigator.credentials.get({ publicKey: options, ...how })
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  const fields = { id: rawId, clientDataJSON, authenticatorData, signature, userHandle: userHandle ?? new ArrayBuffer(0) }
  return encodeAll(fields)
}

const createCredential = async (publicKey) => {
  const { challenge, user, excludeCredentials } = publicKey
  const options = {
    ...publicKey,
    challenge: decode(challenge),
    user: { ...user, id: decode(user.id) },
    excludeCredentials: decodeIds(excludeCredentials),
  }
  const { rawId, response } = await navigator.credentials.create({ publicKey: options })
  const { clientDataJSON, attestationObject } = response
  const transports = response.getTransports?.().join(' ') ?? ''
  return { ...encodeAll({ id: rawId, clientDataJSON, attestationObject }), transports }
}

const ceremonies = { get: getAssertion, create: createCredential }

export const send = (form, answer) => {
  for (const [name, value] of Object.entries(answer)) {
    // Of an answer that was sent before: a page may be come back to.
    form.elements[name]?.remove()
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
  }
  form.submit()
}

let isRunning = false
const run = async () => {
  if (isRunning) return
  isRunning = true
  const status = form.querySelector('[role=status]')
  status.textContent = ''
  try {
    const { ceremony, options } = form.dataset
    send(form, await ceremonies[ceremony](JSON.parse(options)))
  } catch ({ name }) {
    const words = { NotAllowedError: 'cancelled', AbortError: 'cancelled', InvalidStateError: 'known', SecurityError: 'elsewhere' }
    status.textContent = status.dataset[words[name] ?? 'failed']
  }
  isRunning = false
}

if (form !== null && window.PublicKeyCredential !== undefined) {
  form.querySelector('.hint').hidden = true
  for (const element of form.querySelectorAll('.choice, button')) element.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    run()
  })
  // Who has come here has asked for it already, on the page before.
  if (form.dataset.startsItself !== undefined) run()
}
