// Whoever cannot use passkeys, in this browser or at this address, need not know of them.
const isName = !/^[\d.]+$|:/.test(location.hostname)
if (window.PublicKeyCredential !== undefined && isName) {
  for (const element of document.querySelectorAll('[data-needs-webauthn]')) element.hidden = false
  const form = document.querySelector('form[data-autofill]')
  // Asked for here only: whose browser cannot loads none of it.
  if (form !== null && (await PublicKeyCredential.isConditionalMediationAvailable?.())) import(form.dataset.autofill)
}
