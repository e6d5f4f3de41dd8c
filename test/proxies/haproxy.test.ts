import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFreePort } from '../../src/programs/find-free-port.js'
import { makeCertificate, missingPrograms, startProxy } from '../doctor/proxy.js'
import { makeFolder } from '../make-folder.js'
import { startEchoApp } from './echo-app.js'
import { readmeBlock, replaceWords } from './readme-block.js'
import { tellProxyStories } from './proxy-stories.js'
import { askProxy, type Places } from './scene.js'

await tellProxyStories('haproxy', (t, places) => configure(t, places, readmeBlock('lua')))

t.test('a script that fails lets nobody in', { skip: missingPrograms('haproxy', 'openssl') }, async (t) => {
  const [port, app] = [await findFreePort(), await startEchoApp(t)]
  const places = { port, latchkey: '127.0.0.1:1', app: app.address, certificate: makeCertificate(t) }
  const failing = replaceWords(readmeBlock('lua'), { 'core.httpclient()': 'nothing()' })
  await startProxy(t, 'haproxy', port, configure(t, places, failing))
  t.equal((await askProxy(port, 'app.example.com', '/')).status, 503)
  t.strictSame(app.received, [])
})

function configure(t: Test, { port, latchkey, app, certificate }: Places, lua: string): string {
  const folder = makeFolder(t)
  const [script, pem] = [join(folder, 'latchkey.lua'), join(folder, 'example.com.pem')]
  writeFileSync(script, replaceWords(lua, { '127.0.0.1:3000': latchkey }))
  writeFileSync(pem, readFileSync(certificate.certificate, 'utf8') + readFileSync(certificate.key, 'utf8'))
  return replaceWords(readmeBlock('haproxy'), {
    'bind :443': `bind 127.0.0.1:${port}`,
    '/etc/haproxy/latchkey.lua': script,
    '/etc/haproxy/example.com.pem': pem,
    '127.0.0.1:3000': latchkey,
    '127.0.0.1:4000': app,
  })
}
