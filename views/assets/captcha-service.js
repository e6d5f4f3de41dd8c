// Loads the captcha of a service. Where it does not come, or without this, the question in the form is answered instead.
const box = document.getElementById('captcha')
const question = box.querySelector('[data-question]')
const link = document.querySelector('.notice a[href="#captchaAnswer"]')?.parentElement
const instead = box.querySelector('button')
const widget = box.querySelector('[data-sitekey]')
if (innerWidth < 400) widget.dataset.size = 'compact'

function showQuestion(isShown) {
  question.hidden = !isShown
  if (link) link.hidden = !isShown
}

instead.addEventListener('click', () => {
  showQuestion(true)
  instead.parentElement.hidden = true
  question.querySelector('input').focus()
})
const script = document.createElement('script')
script.src = box.dataset.script
script.async = true
script.addEventListener('load', () => {
  showQuestion(false)
  instead.parentElement.hidden = false
})
document.head.append(script)
