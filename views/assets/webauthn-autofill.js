// Offers saved passkeys in the autofill of the username: Web Authentication, "conditional mediation". Whatever goes wrong
// is told nobody, who has asked for nothing yet; an answer is sent, and refused, as that of the button.
const form = document.querySelector('form[data-autofill]')
const { getAssertion, send } = await import(form.dataset.webauthn)
const mediation = 'conditional'
const tickMs = 30_000
const patienceMs = 10_000
/** Of the request that waits to be answered; null while there is none. */
let waiting = null
let renewAt = 0

/** The lock, as the first two tabs would each be given a cookie, and that of one be lost. */
const ask = (own) =>
  navigator.locks.request('latchkey-webauthn', { signal: own.signal }, async () => {
    // Other tabs wait for it.
    const patience = setTimeout(() => own.abort(), patienceMs)
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ mediation })
    const response = await fetch(form.dataset.ask, { method: 'POST', headers, body, signal: own.signal })
    clearTimeout(patience)
    if (!response.ok) throw new Error(response.statusText)
    return response.json()
  })

const stop = () => {
  waiting?.abort()
  waiting = null
}

const begin = async () => {
  stop()
  const own = new AbortController()
  waiting = own
  renewAt = Infinity
  try {
    const askedAt = Date.now()
    const { publicKey } = await ask(own)
    // Whoever picks a passkey has the other half of the challenge's time left to do what its device asks for.
    renewAt = askedAt + publicKey.timeout / 2
    send(form, await getAssertion(publicKey, { mediation, signal: own.signal }))
  } catch {
    if (waiting === own) waiting = null
  }
}

const isOld = () => Date.now() >= renewAt
const beginWhereNeeded = () => {
  if (!document.hidden && (waiting === null || isOld())) begin()
}

// Only one request may wait: the page of the button makes the next.
for (const link of document.querySelectorAll('[data-needs-webauthn] a')) link.addEventListener('click', stop)
addEventListener('pagehide', stop)
addEventListener('pageshow', beginWhereNeeded)
document.addEventListener('visibilitychange', beginWhereNeeded)
addEventListener('online', beginWhereNeeded)
// What has failed is tried again when somebody comes to the field, not without end.
const field = document.querySelector('[autocomplete~=webauthn]')
for (const event of ['focus', 'pointerdown']) field.addEventListener(event, beginWhereNeeded)
// By the clock on the wall, which goes on while a computer sleeps.
setInterval(() => { if (waiting !== null) beginWhereNeeded() }, tickMs)
beginWhereNeeded()
