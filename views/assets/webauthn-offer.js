// Whoever cannot use passkeys, in this browser or at this address, need not know of them.
const isName = !/^[\d.]+$|:/.test(location.hostname)
if (window.PublicKeyCredential !== undefined && isName)
  for (const element of document.querySelectorAll('[data-needs-webauthn]')) element.hidden = false
