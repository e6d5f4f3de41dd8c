// Comfort only: every page is complete without it.
for (const input of document.querySelectorAll('input[type=password]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'reveal'
  const setShown = (isShown) => {
    input.type = isShown ? 'text' : 'password'
    button.textContent = isShown ? 'Hide' : 'Show'
    button.setAttribute('aria-pressed', String(isShown))
  }
  button.setAttribute('aria-controls', input.id)
  button.setAttribute('aria-label', `Show ${input.labels[0].textContent.toLowerCase()}`)
  button.addEventListener('click', () => setShown(input.type === 'password'))
  // Password managers and the browser's own history of typed texts must see a password field.
  input.form.addEventListener('submit', () => setShown(false))
  setShown(false)
  const frame = document.createElement('div')
  frame.className = 'with-reveal'
  input.replaceWith(frame)
  frame.append(input, button)
}

for (const form of document.forms) {
  let isSent = false
  form.addEventListener('submit', (event) => {
    // A double click would send the form twice and show the answer to the second: "this name is taken".
    if (isSent) event.preventDefault()
    isSent = true
  })
  addEventListener('pageshow', () => { isSent = false })
}
