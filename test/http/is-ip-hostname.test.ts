import t from 'tap'
import { isIpHostname } from '../../src/http/is-ip-hostname.js'

t.test('hosts are named by addresses however these are written, or by names', async (t) => {
  for (const host of ['192.0.2.7', '0x7f.1', '3221225991', '[2001:db8::1]', '[::FFFF:192.0.2.7]'])
    t.ok(isIpHostname(new URL(`http://${host}`).hostname), host)
  for (const host of ['localhost', 'login.example.com', '1.2.3.4.example', 'a.b.c.d'])
    t.notOk(isIpHostname(new URL(`http://${host}`).hostname), host)
})
