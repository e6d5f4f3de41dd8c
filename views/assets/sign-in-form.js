// Comfort only: every page is complete without it.
for (const input of document.querySelectorAll('input[type=password]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'reveal'
  // Only the state changes, never the name: "Hide password, pressed" would say the opposite of what is meant.
  button.textContent = 'Show'
  button.setAttribute('aria-label', `Show ${input.labels[0].textContent.toLowerCase()}`)
  button.setAttribute('aria-controls', input.id)
  const setShown = (isShown) => {
    input.type = isShown ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(isShown))
  }
  button.addEventListener('click', () => setShown(input.type === 'password'))
  // Password managers and the browser's own history of typed texts must see a password field.
  input.form.addEventListener('submit', () => setShown(false))
  setShown(false)
  // The field itself stays where it is: moved, it would lose the focus of whoever types already.
  input.after(button)
  input.parentElement.classList.add('with-reveal')
}

const doubleClickMs = 5000
for (const form of document.forms) {
  let sentAt = -Infinity
  form.addEventListener('submit', (event) => {
    // A double click would send the form twice and show the answer to the second: "this name is taken".
    // Not for good: who stops a page that does not come may send the form again.
    if (event.timeStamp - sentAt < doubleClickMs) event.preventDefault()
    else sentAt = event.timeStamp
  })
  addEventListener('pageshow', () => { sentAt = -Infinity })
}
