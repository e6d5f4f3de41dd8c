// Comfort only: without it the passkey, or what is kept like one, stands there to be written down.
const passkey = document.getElementById('passkey')
const tools = document.getElementById('passkey-tools')
const status = document.getElementById('passkey-status')
const text = passkey.textContent.trim()
const say = (words) => { status.textContent = words }

const copy = document.getElementById('copy-passkey')
copy.addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(text)
    say('Copied.')
  } catch {
    // Browsers give the clipboard to https only, and not always there.
    getSelection().selectAllChildren(passkey)
    say('It is selected: copy it with your browser.')
  }
})

document.getElementById('download-passkey').addEventListener('click', () => {
  const { what, file, service, username, date } = tools.dataset
  const lines = [`${what} for ${service}, ${location.origin}`, `Account: ${username}`, `Made on: ${date}`, '', text, '']
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([lines.join('\n')], { type: 'text/plain' }))
  link.download = `${file}-${username}.txt`
  link.click()
  URL.revokeObjectURL(link.href)
  say('Downloaded. Keep the file where nobody else finds it.')
})

document.getElementById('print-passkey').addEventListener('click', () => print())
tools.hidden = false
