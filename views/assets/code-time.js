// Comfort only: without it the page says until when the code works.
const left = document.querySelector('[data-seconds-left]')
const status = document.querySelector('[data-once-over]')
if (left !== null) {
  // Counted from when the page came: the clock of this computer may be wrong.
  const endsAt = performance.now() + Number(left.dataset.secondsLeft) * 1000
  const show = () => {
    const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000))
    if (seconds < 120) left.textContent = `${seconds} second${seconds === 1 ? '' : 's'}`
    if (seconds > 0) return
    clearInterval(timer)
    left.closest('p').hidden = true
    status.textContent = status.dataset.onceOver
  }
  const timer = setInterval(show, 500)
}
