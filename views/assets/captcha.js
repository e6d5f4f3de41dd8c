// Solves the captcha by itself. Where it cannot, or without it, the question in the form is answered instead.
const box = document.getElementById('captcha')
const form = box.closest('form')
const solution = form.elements.altcha
const status = box.querySelector('[role=status]')
const question = box.querySelector('[data-question]')
const link = document.querySelector('.notice a[href="#captchaAnswer"]')?.parentElement
const challenge = JSON.parse(box.dataset.challenge)
const mostWorkers = 4
const workers = []
let isWorking = false
let isSent = false
let sender = null

function showQuestion(isShown) {
  question.hidden = !isShown
  if (link) link.hidden = !isShown
}

function ask() {
  stop()
  status.textContent = ''
  showQuestion(true)
  if (isSent) form.elements.captchaAnswer.focus()
}

function stop() {
  isWorking = false
  for (const worker of workers) worker.postMessage('stop')
}

function finish(key) {
  if (!isWorking) return
  stop()
  solution.value = btoa(JSON.stringify({ challenge, solution: key }))
  status.textContent = 'Checked: you are not a robot.'
  if (isSent) form.requestSubmit(sender)
}

function start() {
  isWorking = true
  showQuestion(false)
  status.textContent = 'Checking that you are not a robot …'
  const count = Math.min(mostWorkers, navigator.hardwareConcurrency || 1)
  for (let first = 0; first < count; first++) {
    const worker = new Worker(box.dataset.worker)
    workers.push(worker)
    worker.onmessage = ({ data }) => finish(data)
    worker.onerror = ask
    worker.postMessage({ parameters: challenge.parameters, first, step: count })
  }
}

// Before anything else hears of it: whoever is faster than the check is not made to press the button again.
document.addEventListener('submit', (event) => {
  if (event.target !== form || !isWorking) return
  event.preventDefault()
  event.stopImmediatePropagation()
  isSent = true
  sender = event.submitter
  status.textContent = 'Checking that you are not a robot. Then you go on by yourself …'
}, true)

// Browsers keep it from pages on plain http, except on this computer.
if (globalThis.crypto?.subtle && globalThis.Worker) {
  try {
    start()
  } catch {
    ask()
  }
}
