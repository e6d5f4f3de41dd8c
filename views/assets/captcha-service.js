// Loads the captcha of a service. Where it does not come, or without this, the question in the form is answered instead.
const box = document.getElementById('captcha')
const question = box.querySelector('[data-question]')
const instead = box.querySelector('button')
const widget = box.querySelector('[data-sitekey]')
if (innerWidth < 400) widget.dataset.size = 'compact'
instead.addEventListener('click', () => {
  question.hidden = false
  instead.parentElement.hidden = true
  question.querySelector('input').focus()
})
const script = document.createElement('script')
script.src = box.dataset.script
script.async = true
script.addEventListener('load', () => {
  question.hidden = true
  instead.parentElement.hidden = false
})
document.head.append(script)
