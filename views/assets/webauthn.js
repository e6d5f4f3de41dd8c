// The ceremonies of Web Authentication: the page holds what to ask the browser for, and takes its answer in a form.
const form = document.querySelector('form[data-ceremony]')
const publicKey = form === null ? null : JSON.parse(form.dataset.options)

const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const encodeAll = (fields) => Object.fromEntries(Object.entries(fields).map(([name, bytes]) => [name, encode(bytes)]))
const decodeIds = (list) => list.map((each) => ({ ...each, id: decode(each.id) }))

const ceremonies = {
  get: async () => {
    const { challenge, allowCredentials } = publicKey
    const options = { ...publicKey, challenge: decode(challenge), allowCredentials: decodeIds(allowCredentials) }
    const { rawId, response } = await navigator.credentials.get({ publicKey: options })
    const { clientDataJSON, authenticatorData, signature, userHandle } = response
    const fields = { id: rawId, clientDataJSON, authenticatorData, signature, userHandle: userHandle ?? new ArrayBuffer(0) }
    return encodeAll(fields)
  },
  create: async () => {
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
  },
}

let isRunning = false
const run = async () => {
  if (isRunning) return
  isRunning = true
  const status = form.querySelector('[role=status]')
  status.textContent = ''
  try {
    for (const [name, value] of Object.entries(await ceremonies[form.dataset.ceremony]())) {
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
    }
    form.submit()
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
