import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../doctor/proxy.js'
import { readmeBlock, replaceWords } from './readme-block.js'
import { tellProxyStories } from './proxy-stories.js'

await tellProxyStories('haproxy', (t, { port, latchkey, app, certificate }) => {
  const folder = makeFolder(t)
  const [script, pem] = [join(folder, 'latchkey.lua'), join(folder, 'example.com.pem')]
  writeFileSync(script, replaceWords(readmeBlock('lua'), { '127.0.0.1:3000': latchkey }))
  writeFileSync(pem, readFileSync(certificate.certificate, 'utf8') + readFileSync(certificate.key, 'utf8'))
  return replaceWords(readmeBlock('haproxy'), {
    'bind :443': `bind 127.0.0.1:${port}`,
    '/etc/haproxy/latchkey.lua': script,
    '/etc/haproxy/example.com.pem': pem,
    '127.0.0.1:3000': latchkey,
    '127.0.0.1:4000': app,
  })
})
