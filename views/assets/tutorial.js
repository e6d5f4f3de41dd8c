// The tour of an account. Its words are in the page; without this script nobody sees them.
const dialog = document.getElementById('tutorial')
const form = dialog.querySelector('form')
const steps = [...dialog.querySelectorAll('section')]
const button = (name) => dialog.querySelector(`[data-step=${name}]`)
// Whoever has left or finished it once is not asked to remember that again.
const isRemembered = !('firstVisit' in dialog.dataset)
// In this tab, until it is closed: for whom it has begun, and that it was left a moment ago.
const begunKey = 'tour-begun-for'
const leftKey = 'tour-left'
let current = 0

function show(index) {
  current = index
  for (const [number, step] of steps.entries()) step.hidden = number !== index
  const heading = steps[index].querySelector('h2')
  dialog.setAttribute('aria-labelledby', heading.id)
  const isLast = index === steps.length - 1
  button('back').hidden = index === 0
  button('next').hidden = isLast
  button('skip').hidden = isLast
  button('finish').hidden = !isLast
  // The heading and not the button: screen readers go on reading from there.
  heading.focus()
}

function open() {
  dialog.showModal()
  show(0)
}

button('back').addEventListener('click', () => show(current - 1))
button('next').addEventListener('click', () => show(current + 1))
form.addEventListener('submit', (event) => {
  if (isRemembered) {
    event.preventDefault()
    dialog.close()
  } else sessionStorage.setItem(leftKey, 'yes')
})
// By the Escape key: where nothing was clicked yet, browsers let nobody know before it closes.
dialog.addEventListener('close', () => {
  if (!isRemembered) form.requestSubmit()
})

const opener = document.querySelector('[data-opens=tutorial]')
opener.addEventListener('click', open)
opener.hidden = false
// It begins by itself once, and never over what the page has to say.
const person = dialog.dataset.firstVisit
if (!isRemembered && document.querySelector('.notice') === null && sessionStorage.getItem(begunKey) !== person) {
  sessionStorage.setItem(begunKey, person)
  open()
}
// The page was loaded anew to remember it: on from its heading, which nobody has read yet.
if (sessionStorage.getItem(leftKey) !== null) {
  sessionStorage.removeItem(leftKey)
  const heading = document.querySelector('main h1')
  heading.tabIndex = -1
  heading.focus()
}
