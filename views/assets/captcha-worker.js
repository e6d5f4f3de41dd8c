// Looks for the key that an ALTCHA challenge (proof of work, version 2) asks for, beside the page and not in its way.
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (byte) => Number.parseInt(byte, 16))
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

async function search({ parameters, first, step }) {
  const { nonce, salt: saltHex, cost: iterations, keyLength, keyPrefix } = parameters
  const salt = bytesOf(saltHex)
  const password = new Uint8Array([...bytesOf(nonce), 0, 0, 0, 0])
  const counterAt = new DataView(password.buffer)
  for (let counter = first; ; counter += step) {
    counterAt.setUint32(password.length - 4, counter)
    const base = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
    const key = hexOf(new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, base, keyLength * 8)))
    if (!key.startsWith(keyPrefix)) continue
    postMessage({ counter, derivedKey: key })
    return
  }
}

onmessage = ({ data }) => {
  if (data === 'stop') close()
  else search(data)
}
