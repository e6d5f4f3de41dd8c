import { aroundNginxBlock } from '../doctor/proxy.js'
import { readmeBlock, replaceWords } from './readme-block.js'
import { tellProxyStories } from './proxy-stories.js'

await tellProxyStories('nginx', (_t, { port, latchkey, app, certificate }) => {
  const block = replaceWords(readmeBlock('nginx'), {
    'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
    '127.0.0.1:3000': latchkey,
    '127.0.0.1:4000': app,
    '/etc/ssl/example.com.pem': certificate.certificate,
    '/etc/ssl/example.com.key': certificate.key,
  })
  return aroundNginxBlock(block)
})
