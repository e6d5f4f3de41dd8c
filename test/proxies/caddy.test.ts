import { readmeBlock, replaceWords } from './readme-block.js'
import { tellProxyStories } from './proxy-stories.js'

await tellProxyStories('caddy', (_t, { port, latchkey, app, certificate }) => {
  const here = `bind 127.0.0.1\n  tls ${certificate.certificate} ${certificate.key}`
  const block = replaceWords(readmeBlock('caddy'), {
    'login.example.com {': `login.example.com {\n  ${here}`,
    'app.example.com {': `app.example.com {\n  ${here}`,
    '127.0.0.1:3000': latchkey,
    '127.0.0.1:4000': app,
  })
  return `{\n  admin off\n  auto_https off\n  https_port ${port}\n}\n${block}`
})
